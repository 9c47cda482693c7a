import type { ConnectionEvents } from './connection.ts';
import { Connection } from './connection.ts';
import type { ClosedLoad } from './protocol.ts';
import type { Requests } from './requests.ts';
import { Tally } from './tally.ts';

/** Runs until the time is over, the requests are used up, or `stop` resolves; then waits for the answers still due. */
export async function closedLoop(spec: ClosedLoad, requests: Requests, stop: Promise<void>): Promise<Tally> {
  const tally = new Tally(requests.count);
  const { host, port } = spec.target;
  let next = 0;
  let over = false;
  let underWay = 0;
  let finished = () => {};
  const allAnswered = new Promise<void>((resolve) => {
    finished = resolve;
  });

  function finish(): void {
    tally.end();
    over = true;
    if (underWay === 0) finished();
  }
  function sendNext(connection: Connection): void {
    if (!over && next >= requests.count) finish();
    if (over) {
      if (underWay === 0) finished();
      return;
    }
    const request = next++;
    underWay++;
    connection.send(request, requests.at(request), performance.now());
  }
  const events: ConnectionEvents = {
    answered(connection, status) {
      underWay--;
      connection.request = -1;
      tally.answered(status, connection.dueAt);
      sendNext(connection);
    },
    lost(connection, due) {
      if (due) {
        underWay--;
        tally.broken++;
      }
      connections.splice(connections.indexOf(connection), 1);
      if (over) {
        if (underWay === 0) finished();
        return;
      }
      Connection.open(host, port, events).then(
        (fresh) => {
          connections.push(fresh);
          sendNext(fresh);
        },
        () => {
          if (connections.length === 0) finish();
        },
      );
    },
  };

  const connections = await Promise.all(
    Array.from({ length: spec.connections }, () => Connection.open(host, port, events)),
  );
  for (const connection of [...connections]) sendNext(connection);
  const timers = [
    setTimeout(() => {
      if (!over) tally.begin();
    }, spec.warmupSeconds * 1000),
    setTimeout(finish, (spec.warmupSeconds + spec.seconds) * 1000),
  ];
  stop.then(finish);
  await allAnswered;
  for (const timer of timers) clearTimeout(timer);
  for (const connection of connections) connection.close();
  return tally;
}
