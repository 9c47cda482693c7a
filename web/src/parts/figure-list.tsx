/** Figures in a row, each under what it counts. */
import type { ReactNode } from 'react';
import classes from './figure-list.module.css';

export function FigureList(props: { children: ReactNode }) {
  return <dl className={classes.list}>{props.children}</dl>;
}

/** One figure. `note`: what it is made of, in a few words. */
export function FigureTile(props: { label: string; note?: ReactNode; children: ReactNode }) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd className={classes.value}>{props.children}</dd>
      {props.note !== undefined && <dd className={classes.note}>{props.note}</dd>}
    </div>
  );
}
