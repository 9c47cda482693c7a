/** Randomness that repeats: the same words of the seed give the same numbers on every machine. */
import { hashParts } from '../core/ids.ts';

/** Numbers 0 ≤ x < 1. */
export type Random = () => number;

/**
 * A stream of numbers of its own for these words (sfc32, seeded by SHA-256 of the words). Each learner and each fault gets
 * its own stream, so that adding a learner does not change what the others do.
 */
export function seededRandom(...words: readonly string[]): Random {
  const digest = hashParts(words);
  let a = digest.readUInt32LE(0);
  let b = digest.readUInt32LE(4);
  let c = digest.readUInt32LE(8);
  let counter = digest.readUInt32LE(12);
  return () => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return (t >>> 0) / 4294967296;
  };
}

/** One of the list, each as likely. Throws on an empty list. */
export function pick<T>(random: Random, list: readonly T[]): T {
  const one = list[Math.floor(random() * list.length)];
  if (one === undefined) throw new Error('There is nothing to pick from: the list is empty.');
  return one;
}

/** A number from..to, evenly. */
export function between(random: Random, from: number, to: number): number {
  return from + (to - from) * random();
}

/** A whole number from..to, both included. */
export function wholeBetween(random: Random, from: number, to: number): number {
  return Math.floor(between(random, from, to + 1));
}

/** Normally distributed (Box–Muller), mean 0, deviation 1. */
export function normal(random: Random): number {
  const u = Math.max(random(), Number.EPSILON);
  return Math.sqrt(-2 * Math.log(u)) * Math.cos(2 * Math.PI * random());
}

/** Letters and digits, e.g. for ids that look like a platform's. */
export function letters(random: Random, length: number, alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789'): string {
  let text = '';
  for (let i = 0; i < length; i++) text += alphabet[Math.floor(random() * alphabet.length)];
  return text;
}

/** A version 4 UUID. */
export function randomUuidFrom(random: Random): string {
  const hex = letters(random, 32, '0123456789abcdef');
  const variant = '89ab'[Math.floor(random() * 4)];
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
