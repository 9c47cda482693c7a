/** What `gradewire simulate` was asked for, read and checked. */
import type { Provider } from '../core/vocabulary.ts';
import type { FaultShares } from '../simulator/faults.ts';
import type { BasicAuth } from './parse-basic.ts';

export interface SimulateOptions {
  source?: string;
  url?: URL;
  provider?: Provider;
  secret?: string;
  publicKey?: string;
  basic?: BasicAuth;
  origin?: string;
  event?: string;
  learners: number;
  count: number;
  rate?: number;
  concurrency: number;
  retries: number;
  faults?: FaultShares;
  seed?: string;
  start?: Date;
  json?: true;
}
