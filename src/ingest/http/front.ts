/**
 * Stands before node:http on the same port and reads the plain webhooks itself; every connection that brings anything else
 * goes to node:http with all its bytes, and stays there. Why: docs/decisions/0034-front.md.
 */
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { performance } from 'node:perf_hooks';
import type { BodyRoom } from './body-room.ts';
import type { Call } from './call.ts';
import { FrontConnection } from './front-connection.ts';

/** How often connections are looked at that may have to end; so much later than its time one may. */
const LOOK_MS = 1000;

export class Front {
  private readonly connections = new Set<FrontConnection>();
  private readonly room: BodyRoom;
  private readonly receive: (call: Call) => void;
  private readonly look: NodeJS.Timeout;

  /** `receive` gets each request that was read whole. */
  constructor(room: BodyRoom, receive: (call: Call) => void) {
    this.room = room;
    this.receive = receive;
    this.look = setInterval(() => this.endTheLate(), LOOK_MS);
    this.look.unref();
  }

  /** From now on new connections of the server come here first. Its timeouts, which have to be set, hold here too. */
  standBefore(server: Server): void {
    const toNode = server.listeners('connection');
    server.removeAllListeners('connection');
    const limits = { requestMs: server.requestTimeout, idleMs: server.keepAliveTimeout };
    const { room, receive } = this;
    server.on('connection', (socket: Socket) => {
      const connection = new FrontConnection(socket, limits, {
        room,
        receive,
        closed: () => this.connections.delete(connection),
        handOver: () => {
          this.connections.delete(connection);
          for (const listener of toNode) listener.call(server, socket);
        },
      });
      this.connections.add(connection);
    });
  }

  /** Ends each connection that is open now as soon as nothing is under way on it. */
  closeIdle(): void {
    for (const connection of this.connections) connection.endWhenIdle();
  }

  /** Cuts what is still there. */
  destroy(): void {
    clearInterval(this.look);
    for (const connection of this.connections) connection.destroy();
  }

  private endTheLate(): void {
    const now = performance.now();
    for (const connection of this.connections) connection.endIfLate(now);
  }
}
