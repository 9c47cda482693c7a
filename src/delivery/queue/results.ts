/** What came of tries, as the sender hands it to the database. */
import type { Uuid } from '../../core/ids.ts';

export interface Result {
  workspace: number;
  deliveryId: Uuid;
  createdAt: Date;
  endpointId: Uuid;
  /** Under which it was claimed. */
  claim: number;
  /** The endpoint failed before, as far as is known: a success has to be noted. */
  failing: boolean;
  end:
    | { status: 'succeeded' | 'failed' | 'skipped'; detail: string | null }
    /** Tried again then. */
    | { status: 'pending'; inMs: number; tries: number };
  at: Date;
  statusCode: number | null;
  durationMs: number;
  /** null: it got there. */
  error: string | null;
  requestHeaders: Record<string, string>;
  responseBody: string | null;
  /** Nothing was sent (skipped on purpose): no try is logged. */
  untried: boolean;
}
