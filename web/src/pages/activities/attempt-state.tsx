/** How an attempt stands, with its outcome where one is known: an icon and a word. */
import { Ban, Circle, CircleCheck, CircleDot, CircleSlash, CircleX, type LucideIcon, Undo2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import type { Attempt } from '../../api/types.ts';
import classes from './activities.module.css';

const MARKS: Record<Attempt['state'] | 'passed' | 'failed', [LucideIcon, string]> = {
  started: [CircleDot, 'var(--gw-link)'],
  submitted: [Circle, 'var(--gw-link)'],
  completed: [CircleCheck, 'var(--gw-muted)'],
  passed: [CircleCheck, 'var(--gw-good)'],
  failed: [CircleX, 'var(--gw-failure)'],
  abandoned: [CircleSlash, 'var(--gw-attention)'],
  stopped: [Ban, 'var(--gw-muted)'],
  revoked: [Undo2, 'var(--gw-muted)'],
};

export function AttemptState({ attempt }: { attempt: Pick<Attempt, 'state' | 'outcome'> }) {
  const t = useTranslations('common.attempt');
  const { state, outcome } = attempt;
  const [Icon, color] = MARKS[state === 'completed' && outcome !== null ? outcome : state];
  return (
    <span className={classes.word}>
      <Icon size={14} aria-hidden color={color} />
      {t(state)}
      {outcome !== null && state === 'completed' && <>, {t(outcome)}</>}
    </span>
  );
}
