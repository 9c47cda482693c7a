/** A share with its interval, drawn as an interval: the band is what this number of answers allows, the tick what to compare with. */
import classes from './interval.module.css';

/** All of 0 to 1. Decorative: the figures stand in words beside it. */
export function Interval(props: { rate: number; lower: number; upper: number; baseline: number; weak: boolean }) {
  const at = (share: number) => `${100 * Math.min(1, Math.max(0, share))}%`;
  return (
    <span className={classes.track} aria-hidden>
      <span
        className={`${classes.band} ${props.weak ? classes.weak : ''}`}
        style={{ left: at(props.lower), width: `${100 * Math.max(0, props.upper - props.lower)}%` }}
      />
      <span className={classes.baseline} style={{ left: at(props.baseline) }} />
      <span className={classes.point} style={{ left: at(props.rate) }} />
    </span>
  );
}
