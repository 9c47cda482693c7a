/** Rows of a list that grows at its top: while somebody reads, new ones gather instead of moving the rows under the pointer. */
import { useRef, useState } from 'react';

export function useGathered<Row extends { id: string }>(
  rows: readonly Row[],
): {
  shown: readonly Row[];
  /** How many are held back. */
  waiting: number;
  show(): void;
  hold(): void;
  release(): void;
} {
  // The first row that was there when the reading began.
  const [top, setTop] = useState<string | null>(null);
  const reading = useRef(false);
  const at = top === null ? -1 : rows.findIndex(({ id }) => id === top);
  const waiting = Math.max(0, at);
  return {
    shown: waiting === 0 ? rows : rows.slice(waiting),
    waiting,
    show: () => setTop(reading.current ? (rows[0]?.id ?? null) : null),
    hold() {
      reading.current = true;
      setTop((before) => before ?? rows[0]?.id ?? null);
    },
    release() {
      reading.current = false;
      setTop(null);
    },
  };
}
