/** A rate limit: `perSecond` requests a second on average, as many at once after a quiet second. Times in milliseconds. */
export class TokenBucket {
  readonly perSecond: number;
  private tokens: number;
  private filledAt: number;

  constructor(perSecond: number, now: number) {
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.filledAt = now;
  }

  /** Takes one; when there is none, the milliseconds until there will be. */
  take(now: number): { taken: true } | { taken: false; waitMs: number } {
    this.tokens = Math.min(this.perSecond, this.tokens + ((now - this.filledAt) / 1000) * this.perSecond);
    this.filledAt = now;
    if (this.tokens >= 1) {
      this.tokens -= 1;
      return { taken: true };
    }
    return { taken: false, waitMs: ((1 - this.tokens) / this.perSecond) * 1000 };
  }
}
