/**
 * What the receive path counts. Per request only plain numbers are raised; Prometheus' counters are brought up to date when
 * they are read, because a labelled inc() costs as much as a hash of the body.
 */
import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

interface Count {
  source: string;
  provider: string;
  result: string;
  sinceRead: number;
}

export interface IngestGauges {
  requestsInFlight(): number;
  bytesInFlight(): number;
}

export class IngestMetrics {
  private readonly counts = new Map<string, Count>();
  private readonly batchRows: Histogram;
  private readonly commitSeconds: Histogram;
  private readonly commitFailures: Counter;
  private readonly unknownSlugs: Counter;
  private readonly rejectionsDropped: Counter;

  constructor(registry: Registry, gauges: IngestGauges) {
    const registers = [registry];
    const { counts } = this;
    new Counter({
      name: 'gradewire_ingest_requests_total',
      help: 'Requests on ingest URLs of known sources, by what was answered: stored, duplicate, check, or an error code.',
      labelNames: ['source', 'provider', 'result'],
      registers,
      collect() {
        for (const count of counts.values()) {
          if (count.sinceRead === 0) continue;
          this.inc({ source: count.source, provider: count.provider, result: count.result }, count.sinceRead);
          count.sinceRead = 0;
        }
      },
    });
    this.batchRows = new Histogram({
      name: 'gradewire_ingest_batch_rows',
      help: 'Receipts per committed statement.',
      buckets: [1, 2, 4, 8, 16, 32, 64, 128, 256, 512],
      registers,
    });
    this.commitSeconds = new Histogram({
      name: 'gradewire_ingest_commit_seconds',
      help: 'Seconds from sending a batch to its confirmed commit.',
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2],
      registers,
    });
    this.commitFailures = new Counter({
      name: 'gradewire_ingest_commit_failures_total',
      help: 'Batches that were answered 503 because their commit was not confirmed.',
      registers,
    });
    this.unknownSlugs = new Counter({
      name: 'gradewire_ingest_unknown_sources_total',
      help: 'Requests on ingest URLs that no source has.',
      registers,
    });
    this.rejectionsDropped = new Counter({
      name: 'gradewire_ingest_rejections_dropped_total',
      help: 'Refused requests of which no record was kept: sampled out, or the memory for them was full.',
      registers,
    });
    new Gauge({
      name: 'gradewire_ingest_requests_in_flight',
      help: 'Requests that were taken and are not answered yet.',
      registers,
      collect() {
        this.set(gauges.requestsInFlight());
      },
    });
    new Gauge({
      name: 'gradewire_ingest_bytes_in_flight',
      help: 'Bytes of bodies in memory that are not answered yet.',
      registers,
      collect() {
        this.set(gauges.bytesInFlight());
      },
    });
  }

  request(source: { slug: string; provider: string }, result: string): void {
    const key = `${source.slug} ${result}`;
    const count = this.counts.get(key);
    if (count !== undefined) count.sinceRead += 1;
    else this.counts.set(key, { source: source.slug, provider: source.provider, result, sinceRead: 1 });
  }

  committed(rows: number, seconds: number): void {
    this.batchRows.observe(rows);
    this.commitSeconds.observe(seconds);
  }

  commitFailed(): void {
    this.commitFailures.inc();
  }

  unknownSlug(): void {
    this.unknownSlugs.inc();
  }

  rejectionDropped(count: number): void {
    this.rejectionsDropped.inc(count);
  }
}
