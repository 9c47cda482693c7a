import type { PlatformCase } from '../platform-case.ts';
import { easygeneratorCase } from './easygenerator.ts';
import { instruqtCase } from './instruqt.ts';
import { quizapiCase } from './quizapi.ts';
import { standardCase } from './standard.ts';
import { synapCase } from './synap.ts';
import { testpressCase } from './testpress.ts';

export const ALL_CASES: readonly PlatformCase[] = [
  quizapiCase,
  testpressCase,
  synapCase,
  instruqtCase,
  easygeneratorCase,
  standardCase,
];
