import type { ConnectionEvents } from './connection.ts';
import { Connection } from './connection.ts';
import type { OpenLoad } from './protocol.ts';
import type { Requests } from './requests.ts';
import { Tally } from './tally.ts';

/** The answers still due after the last request may take this long; then they count as broken. */
const TAIL_MS = 15_000;

/**
 * Sends by the clock: request i is due at start + i / rate. When all connections are busy it waits for one, and its latency
 * still counts from when it was due, so a server that stalls cannot hide it (no coordinated omission).
 */
export async function openLoop(
  spec: OpenLoad,
  requests: Requests,
  stop: Promise<void>,
  onSent: (request: number, dueAt: number) => void,
): Promise<Tally> {
  const tally = new Tally(requests.count);
  const { host, port } = spec.target;
  const total = Math.min(requests.count, Math.round(spec.rate * spec.seconds));
  const perMs = spec.rate / 1000;
  let next = 0;
  let underWay = 0;
  let over = false;
  let finished = () => {};
  const allAnswered = new Promise<void>((resolve) => {
    finished = resolve;
  });
  // First in, first out: every connection is used in turn, so that none idles into the server's keep-alive timeout.
  const idle: Connection[] = [];

  const events: ConnectionEvents = {
    answered(connection, status) {
      underWay--;
      connection.request = -1;
      tally.answered(status, connection.dueAt);
      idle.push(connection);
      sendDue();
    },
    lost(connection, due) {
      const at = idle.indexOf(connection);
      if (at !== -1) idle.splice(at, 1);
      if (due) {
        underWay--;
        tally.broken++;
      }
      if (!over)
        Connection.open(host, port, events).then(
          (fresh) => idle.push(fresh),
          () => {},
        );
      sendDue();
    },
  };

  let start = 0;
  function sendDue(): void {
    const now = performance.now();
    const due = over ? next : Math.min(total, Math.floor((now - start) * perMs) + 1);
    while (next < due) {
      const connection = idle.shift();
      if (connection === undefined) break;
      const dueAt = start + next / perMs;
      onSent(next, dueAt);
      connection.send(next, requests.at(next), dueAt);
      next++;
      underWay++;
    }
    if (underWay === 0 && (over || next >= total)) finished();
  }

  idle.push(
    ...(await Promise.all(Array.from({ length: spec.connections }, () => Connection.open(host, port, events)))),
  );
  start = performance.now();
  tally.begin();
  const clock = setInterval(sendDue, 1);
  const overdue = setTimeout(
    () => {
      over = true;
      tally.broken += underWay;
      finished();
    },
    spec.seconds * 1000 + TAIL_MS,
  );
  stop.then(() => {
    over = true;
    sendDue();
  });
  await allAnswered;
  tally.end();
  over = true;
  clearInterval(clock);
  clearTimeout(overdue);
  for (const connection of idle) connection.close();
  return tally;
}
