/** A share of 0 to 1 as a bar from zero; below zero or above one it ends at the edge. Decorative: the figure stands beside it. */
import classes from './activities.module.css';

export function ShareBar(props: { share: number; color: string }) {
  return (
    <span className={classes.track} aria-hidden>
      <span style={{ width: `${100 * Math.min(1, Math.max(0, props.share))}%`, background: props.color }} />
    </span>
  );
}
