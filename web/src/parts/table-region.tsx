/** Room for a table that may be wider than the page: it scrolls by itself, by keyboard too, and the page does not. */
import type { ReactNode } from 'react';

export function TableRegion(props: { label: string; maxHeight?: number; children: ReactNode }) {
  return (
    <section
      aria-label={props.label}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      style={{ overflow: 'auto', ...(props.maxHeight === undefined ? {} : { maxHeight: props.maxHeight }) }}
    >
      {props.children}
    </section>
  );
}
