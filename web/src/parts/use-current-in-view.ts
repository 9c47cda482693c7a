/** Where a row of links or tabs is wider than a phone, the one that is open would else be out of sight. */
import { type RefObject, useEffect } from 'react';

/** Scrolls the row sideways to the link or tab of where one is; `at` changes when that does. */
export function useCurrentInView(row: RefObject<HTMLElement | null>, at: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: where one is decides which is current.
  useEffect(() => {
    const element = row.current;
    const current = element?.querySelector<HTMLElement>('[aria-current="page"], [aria-selected="true"]');
    if (!element || !current) return;
    const room = element.getBoundingClientRect();
    const { left, right } = current.getBoundingClientRect();
    // Not scrollIntoView: that would scroll the page too.
    if (right > room.right) element.scrollLeft += right - room.right;
    else if (left < room.left) element.scrollLeft -= room.left - left;
  }, [row, at]);
}
