/** Room for a table that may be wider than the page: it scrolls by itself, by keyboard too, and the page does not. */
import type { CSSProperties, ReactNode } from 'react';
import { useTranslations } from 'use-intl';
import classes from './table-region.module.css';

/** `label`: what the table is of. */
export function TableRegion(props: { label: string; maxHeight?: number; children: ReactNode }) {
  const t = useTranslations('common.figure');
  return (
    <section
      aria-label={t('tableOf', { name: props.label })}
      className={classes.region}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard (WCAG 2.1.1).
      tabIndex={0}
      {...(props.maxHeight === undefined
        ? {}
        : { style: { '--region-height': `${props.maxHeight}px` } as CSSProperties })}
    >
      {props.children}
    </section>
  );
}
