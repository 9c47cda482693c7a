/** How an attempt stands and how it ended: an icon and a word. */
import { Ban, CircleCheck, CircleSlash, CircleX, Play, Send, Square } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Attempt } from '../../api/types.ts';
import classes from '../learners/learners.module.css';

const STATES = {
  started: { icon: Play, color: 'var(--gw-link)' },
  submitted: { icon: Send, color: 'var(--gw-link)' },
  completed: { icon: CircleCheck, color: 'var(--gw-muted)' },
  abandoned: { icon: CircleSlash, color: 'var(--gw-attention)' },
  stopped: { icon: Square, color: 'var(--gw-muted)' },
  revoked: { icon: Ban, color: 'var(--gw-failure)' },
} as const;

const OUTCOMES = {
  passed: { icon: CircleCheck, color: 'var(--gw-good)' },
  failed: { icon: CircleX, color: 'var(--gw-failure)' },
} as const;

export function StateMark(props: { state: Attempt['state'] }) {
  const t = useTranslations('common.attempt');
  const { icon: Icon, color } = STATES[props.state];
  return (
    <span className={classes.mark}>
      <Icon size={14} aria-hidden color={color} />
      {t(props.state)}
    </span>
  );
}

/** Nothing where the platform tells no outcome and no pass mark is set. */
export function OutcomeMark(props: { outcome: Attempt['outcome'] }) {
  const t = useTranslations('common.attempt');
  if (props.outcome === null) return null;
  const { icon: Icon, color } = OUTCOMES[props.outcome];
  return (
    <span className={classes.mark}>
      <Icon size={14} aria-hidden color={color} />
      {t(props.outcome)}
    </span>
  );
}
