/** What the simulated class plays: per platform a few activities, with questions and challenges of known difficulty. */
import type { Provider } from '../core/vocabulary.ts';
import { between, letters, normal, pick, type Random, randomUuidFrom, seededRandom } from './random.ts';

export interface Question {
  id: string;
  answers: readonly string[];
  /** The right one of `answers`. */
  right: string;
  /** On the scale of ability as a logit: 0 is answered by half of an average class, 2 is hard, −2 is easy. */
  difficulty: number;
  /** How sharply it tells strong from weak learners; 1 is usual. */
  sharpness: number;
  subject: string;
}

export interface Challenge {
  id: string;
  title: string;
  difficulty: number;
}

export interface SimulatedActivity {
  provider: Provider;
  externalId: string;
  title: string;
  kind: 'quiz' | 'test' | 'exam' | 'track' | 'course';
  questions: readonly Question[];
  challenges: readonly Challenge[];
  /** Marked by a person some time after it was handed in. */
  marked: 'at once' | 'by hand';
}

interface Outline {
  title: string;
  id: string;
  kind: SimulatedActivity['kind'];
  subjects: readonly string[];
  questions: number;
  challenges?: readonly string[];
  marked?: 'by hand';
}

const OUTLINES: Readonly<Record<Provider, readonly Outline[]>> = {
  quizapi: [
    { title: 'JavaScript Basics', id: 'quiz_js_basics', kind: 'quiz', subjects: ['Language'], questions: 10 },
    { title: 'HTTP and REST', id: 'quiz_http_rest', kind: 'quiz', subjects: ['Web'], questions: 8 },
    { title: 'SQL Joins', id: 'quiz_sql_joins', kind: 'quiz', subjects: ['Databases'], questions: 8 },
    { title: 'Git in a Team', id: 'quiz_git_team', kind: 'quiz', subjects: ['Tools'], questions: 6 },
    { title: 'Linux Permissions', id: 'quiz_linux_permissions', kind: 'quiz', subjects: ['Systems'], questions: 7 },
  ],
  testpress: [
    {
      title: 'Aptitude Mock 3',
      id: '271',
      kind: 'exam',
      subjects: ['Quantitative', 'Reasoning', 'English'],
      questions: 24,
    },
    {
      title: 'Quantitative Sectional',
      id: '288',
      kind: 'exam',
      subjects: ['Algebra', 'Geometry', 'Data Interpretation'],
      questions: 18,
    },
    { title: 'English Weekly Test', id: '302', kind: 'exam', subjects: ['Grammar', 'Reading'], questions: 14 },
  ],
  synap: [
    { title: 'Anatomy: Upper Limb', id: 'anatomy-upper-limb', kind: 'test', subjects: ['Anatomy'], questions: 12 },
    {
      title: 'Pharmacology Basics',
      id: 'pharmacology-basics',
      kind: 'test',
      subjects: ['Pharmacology'],
      questions: 10,
    },
    {
      title: 'Case Write-up: Chest Pain',
      id: 'case-chest-pain',
      kind: 'test',
      subjects: ['Cardiology'],
      questions: 5,
      marked: 'by hand',
    },
    {
      title: 'Term Exam: Physiology',
      id: 'term-exam-physiology',
      kind: 'exam',
      subjects: ['Physiology'],
      questions: 20,
    },
  ],
  instruqt: [
    {
      title: 'Kubernetes: First Deployment',
      id: 'kubernetes-first-deployment',
      kind: 'track',
      subjects: [],
      questions: 0,
      challenges: [
        'Look around the cluster',
        'Write a deployment',
        'Expose it with a service',
        'Roll out a new version',
        'Clean up',
      ],
    },
    {
      title: 'Terraform: State and Modules',
      id: 'terraform-state-modules',
      kind: 'track',
      subjects: [],
      questions: 0,
      challenges: ['Init and plan', 'Move the state', 'Import a resource', 'Write a module'],
    },
    {
      title: 'Linux Troubleshooting',
      id: 'linux-troubleshooting',
      kind: 'track',
      subjects: [],
      questions: 0,
      challenges: ['A full disk', 'A port in use', 'A slow query', 'A lost file'],
    },
  ],
  easygenerator: [
    { title: 'Fire Safety at Work', id: 'fire-safety', kind: 'course', subjects: ['Safety'], questions: 10 },
    { title: 'Privacy Essentials', id: 'privacy-essentials', kind: 'course', subjects: ['Privacy'], questions: 8 },
    { title: 'Lab Induction', id: 'lab-induction', kind: 'course', subjects: ['Safety'], questions: 12 },
  ],
  standard: [
    { title: 'Course Module 1', id: 'module-1', kind: 'quiz', subjects: ['Basics'], questions: 6 },
    { title: 'Course Module 2', id: 'module-2', kind: 'quiz', subjects: ['Basics'], questions: 6 },
  ],
};

/** The activities of a platform; the same in every run, whatever the seed. */
export function activitiesOf(provider: Provider): readonly SimulatedActivity[] {
  return OUTLINES[provider].map((outline) => {
    const random = seededRandom('activity', provider, outline.id);
    return {
      provider,
      externalId: externalId(provider, outline.id, random),
      title: outline.title,
      kind: outline.kind,
      questions: Array.from({ length: outline.questions }, (_, i) => question(outline, i, random)),
      challenges: (outline.challenges ?? []).map((title, i) => ({
        id: letters(random, 12),
        title,
        // The third one is where people get stuck.
        difficulty: i === 2 ? 1.3 : between(random, -2.5, 0),
      })),
      marked: outline.marked ?? 'at once',
    };
  });
}

function externalId(provider: Provider, id: string, random: Random): string {
  switch (provider) {
    case 'quizapi':
    case 'testpress':
    case 'standard':
      return id;
    case 'synap':
      return randomUuidFrom(random);
    case 'instruqt':
      return letters(random, 12);
    case 'easygenerator':
      return letters(random, 32, '0123456789abcdef');
    default:
      return provider satisfies never;
  }
}

function question(outline: Outline, i: number, random: Random): Question {
  const answers = ['a1', 'a2', 'a3', 'a4'];
  return {
    id: `${outline.id}_q${i + 1}`,
    answers,
    right: pick(random, answers),
    // Later questions are a little harder, as in most quizzes.
    difficulty: -1.5 + (2 * i) / outline.questions + 0.7 * normal(random),
    sharpness: Math.max(0.4, 1 + 0.35 * normal(random)),
    subject: outline.subjects[i % Math.max(1, outline.subjects.length)] ?? 'General',
  };
}

/**
 * The chance to get it right, by the three-parameter logistic model of item response theory: guessing gives one in
 * `choices`, the rest follows ability (0..1) against difficulty.
 */
export function chanceRight(ability: number, difficulty: number, sharpness = 1, choices = 4): number {
  const guess = 1 / choices;
  const logit = (ability - 0.5) * 4;
  return guess + (1 - guess) / (1 + Math.exp(-1.7 * sharpness * (logit - difficulty)));
}
