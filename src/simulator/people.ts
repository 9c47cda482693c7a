/** The simulated learners. Who they are does not depend on the seed: the same class comes back in every run. */
import type { Provider } from '../core/vocabulary.ts';
import { letters, normal, randomUuidFrom, seededRandom } from './random.ts';

export interface Person {
  /** From 0. */
  index: number;
  name: string;
  email: string;
  /** 0..1; 0.5 is the middle of the class. */
  ability: number;
  /** Factor on every pause: 0.7 is quick, 1.4 is slow. */
  pace: number;
  /** The id each platform knows the person by. */
  ids: Readonly<Record<Provider, string>>;
}

const FIRST_NAMES = [
  'Amara',
  'Noah',
  'Priya',
  'Lukas',
  'Mei',
  'Diego',
  'Fatima',
  'Oliver',
  'Yuki',
  'Zanele',
  'Elif',
  'Mateo',
  'Ingrid',
  'Arjun',
  'Chloé',
  'Kwame',
  'Sofia',
  'Tomáš',
  'Layla',
  'Henrik',
  'Nia',
  'Ravi',
  'Hannah',
  'Omar',
  'Camila',
  'Jakub',
  'Aisha',
  'Søren',
  'Linh',
  'Marco',
] as const;

const LAST_NAMES = [
  'Okafor',
  'Bergström',
  'Raman',
  'Weber',
  'Chen',
  'Morales',
  'Haddad',
  'Bennett',
  'Tanaka',
  'Dlamini',
  'Yılmaz',
  'Rossi',
  'Larsen',
  'Mehta',
  'Dubois',
  'Mensah',
  'Silva',
  'Novák',
  'Rahman',
  'Lindqvist',
  'Abebe',
  'Iyer',
  'Fischer',
  'Farouk',
  'Reyes',
  'Kowalski',
  'Diallo',
  'Nielsen',
  'Nguyen',
  'Conti',
  'Murphy',
] as const;

/** One learner of the endless class. */
export function person(index: number): Person {
  const random = seededRandom('person', String(index));
  // 30 first and 31 last names have no common divisor, so the pairs repeat only after 930 people.
  const first = FIRST_NAMES[index % FIRST_NAMES.length] ?? 'Alex';
  const last = LAST_NAMES[index % LAST_NAMES.length] ?? 'Doe';
  const round = Math.floor(index / (FIRST_NAMES.length * LAST_NAMES.length));
  const email = `${plain(first)}.${plain(last)}${round === 0 ? '' : round + 1}@northfield.example`;
  const ability = Math.min(0.97, Math.max(0.05, 0.55 + 0.18 * normal(random)));
  const userNumber = String(index + 1).padStart(4, '0');
  return {
    index,
    name: round === 0 ? `${first} ${last}` : `${first} ${last} ${round + 1}`,
    email,
    ability,
    pace: Math.min(1.6, Math.max(0.6, 1 + 0.2 * normal(random))),
    ids: {
      quizapi: `user_${letters(random, 6)}${userNumber}`,
      testpress: String(20_000 + index),
      synap: randomUuidFrom(random),
      // Firebase ids, as in Instruqt's own example.
      instruqt: letters(random, 28, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'),
      easygenerator: email,
      standard: `student-${userNumber}`,
    },
  };
}

/** Letters of an e-mail address: accents taken off, the rest ASCII. */
function plain(name: string): string {
  return name
    .replaceAll('ø', 'o')
    .replaceAll('ı', 'i')
    .normalize('NFD')
    .replace(/[^a-z]/gi, '')
    .toLowerCase();
}
