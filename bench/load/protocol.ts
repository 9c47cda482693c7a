/** What the bench and its load generator (a process of its own) say to each other over the fork's channel. */

/** Where the webhooks go. */
export interface Target {
  host: string;
  port: number;
  path: string;
  secret: string;
}

/** Which bodies: all different within a run; another `run` gives other learners. */
export interface Traffic {
  run: string;
  learners: number;
  quizzes: number;
  /** Requests made ready before the clock starts. When they are used up the run ends early, and rates still hold. */
  count: number;
}

interface LoadSpec {
  target: Target;
  traffic: Traffic;
  connections: number;
  seconds: number;
}

/** Every connection sends its next request as soon as the last is answered. */
export interface ClosedLoad extends LoadSpec {
  kind: 'closed';
  /** Sent but not measured. */
  warmupSeconds: number;
}

/** Requests leave by the clock whatever the answers do; latency counts from the time a request was due. */
export interface OpenLoad extends LoadSpec {
  kind: 'open';
  /** Requests a second. */
  rate: number;
  /** Watch this stream of events and tell how long a webhook takes to show there. */
  live?: { path: string; key: string };
}

export interface Percentiles {
  count: number;
  /** Milliseconds, all of them. */
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

export interface LoadResult {
  /** Answers 200 within the measured time. */
  acknowledged: number;
  seconds: number;
  perSecond: number;
  /** Answers 200 in all, warm-up and tail included: what must be stored. */
  acknowledgedInAll: number;
  /** Other answers, by status. */
  refused: Record<string, number>;
  /** Connections that broke while an answer was due. */
  broken: number;
  latency: Percentiles;
  /** Webhook due → event seen, with `live`; `missing` were acknowledged and not seen 10 s after the last one. */
  seen: (Percentiles & { missing: number; twice: number }) | null;
  /** CPU seconds of the generator in the measured time: what it took from the server. */
  cpuSeconds: number;
}

export type ToLoad = { do: 'prepare'; spec: ClosedLoad | OpenLoad } | { do: 'go' } | { do: 'stop' };
export type FromLoad = { told: 'ready' } | { told: 'result'; result: LoadResult } | { told: 'error'; message: string };
