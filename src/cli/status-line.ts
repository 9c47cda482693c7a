/** One line at the bottom of a terminal that is rewritten in place; elsewhere nothing is drawn. */
import { beforeOutput, shorten, widthOf } from './terminal.ts';

type Stream = NodeJS.WriteStream;

/** Often enough to look alive, seldom enough not to cost anything. */
const REDRAW_MS = 100;

export class StatusLine {
  readonly #stream: Stream;
  readonly #render: (width: number) => string;
  #timer: NodeJS.Timeout | null = null;
  #drawn = false;

  /** `render` makes the line for a width in columns; its own styling must not take columns. */
  constructor(render: (width: number) => string, stream: Stream = process.stderr) {
    this.#render = render;
    this.#stream = stream;
  }

  start(): void {
    if (!this.#stream.isTTY) return;
    this.#stream.write('\u001b[?25l');
    beforeOutput(() => this.#clear());
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS).unref();
    this.#draw();
  }

  /** Takes the line away, and gives the cursor back. */
  stop(): void {
    if (this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
    this.#clear();
    beforeOutput(() => {});
    this.#stream.write('\u001b[?25h');
  }

  #clear(): void {
    if (!this.#drawn) return;
    this.#stream.write('\r\u001b[2K');
    this.#drawn = false;
  }

  #draw(): void {
    // One column is left free: some terminals wrap when the last one is written.
    this.#stream.write(`\r\u001b[2K${this.#render(widthOf(this.#stream) - 1)}`);
    this.#drawn = true;
  }
}

/** `━━━━━━──────` for a share 0..1. */
export function bar(share: number, width: number): string {
  const full = Math.round(Math.min(1, Math.max(0, share)) * width);
  return shorten('━'.repeat(full) + '─'.repeat(width - full), width);
}
