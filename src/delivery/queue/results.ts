/** What came of tries, as the sender hands it to the database. */
import type { Uuid } from '../../core/ids.ts';

export interface Result {
  workspace: number;
  deliveryId: Uuid;
  endpointId: Uuid;
  /** Under which it was claimed. */
  claim: number;
  /** The endpoint failed before, as far as is known: a success has to be noted. */
  failing: boolean;
  end:
    | { status: 'succeeded' | 'failed' | 'skipped'; detail: string | null }
    /** Tried again then. */
    | { status: 'pending'; inMs: number; tries: number };
  /** When the try began; milliseconds since 1970. */
  at: number;
  statusCode: number | null;
  durationMs: number;
  /** null: it got there. As PostgreSQL takes texts, and no longer than is shown. */
  error: string | null;
  /** JSON text of an object of texts: what waits to be written is kept small. */
  requestHeaders: string;
  responseBody: string | null;
  /** Nothing was sent (skipped on purpose): no try is logged. */
  untried: boolean;
}
