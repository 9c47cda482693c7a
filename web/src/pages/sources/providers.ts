import type { Source } from '../../api/types.ts';

export type Provider = Source['provider'];

/** In the order in which they are offered: as the README has them. */
export const PROVIDERS = ['quizapi', 'testpress', 'synap', 'instruqt', 'easygenerator', 'standard'] as const;
