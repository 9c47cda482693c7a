/** Room for a table that may be wider than the page: it scrolls by itself, by keyboard too, and the page does not. */
import { type CSSProperties, type ReactNode, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import classes from './table-region.module.css';

/** `label`: what the table is of. `atEnd`: where it is too wide its right end is shown first, such as the newest weeks. */
export function TableRegion(props: { label: string; maxHeight?: number; atEnd?: boolean; children: ReactNode }) {
  const t = useTranslations('common.figure');
  const region = useRef<HTMLElement>(null);
  useEffect(() => {
    if (props.atEnd === true && region.current !== null) region.current.scrollLeft = region.current.scrollWidth;
  }, [props.atEnd]);
  return (
    <section
      ref={region}
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
