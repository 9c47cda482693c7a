/** The contract's limit: more than this is a 413. */
export const MOST_BODY_BYTES = 1024 * 1024;
/**
 * Bodies in memory over all requests, read and not answered yet; beyond it requests are sent away with 503, which senders
 * repeat, instead of growing until the process dies with all of them.
 */
const MOST_BYTES_IN_FLIGHT = 64 * 1024 * 1024;
/** What a request costs besides its body. */
const REQUEST_BYTES = 2048;

/** Keeps account of the bytes of bodies that are in memory. */
export class BodyRoom {
  /** Bytes held now. */
  held = 0;

  /** Room for a request and so many bytes of its body; whoever gets true owes `free` of as many. */
  take(bodyBytes: number): boolean {
    const bytes = bodyBytes + REQUEST_BYTES;
    if (this.held + bytes > MOST_BYTES_IN_FLIGHT) return false;
    this.held += bytes;
    return true;
  }

  /** More of a body for which room was taken; `free` has to be told of them too. False: none is left. */
  grow(bytes: number): boolean {
    this.held += bytes;
    return this.held <= MOST_BYTES_IN_FLIGHT;
  }

  free(bodyBytes: number): void {
    this.held -= bodyBytes + REQUEST_BYTES;
  }
}
