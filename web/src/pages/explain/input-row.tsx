/** One attempt of a figure. */
import { Text, UnstyledButton, VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { ChevronDown, ChevronRight, CircleCheck, CircleMinus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { useActivityName } from '../../parts/activity-name.ts';
import { Moment, Percent, TestMark, Unverified } from '../../parts/figures.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { useMe } from '../../shell/session.ts';
import classes from './explain.module.css';
import type { ExplainedInput } from './explained.ts';

export function InputRow({ input, onLeave }: { input: ExplainedInput; onLeave(): void }) {
  const t = useTranslations('explain');
  const nameOf = useLearnerName();
  const activityName = useActivityName();
  const [open, setOpen] = useState(false);
  const { attempt, counted, reason, receipts } = input;
  const name = nameOf(attempt.learner);
  const Icon = counted ? CircleCheck : CircleMinus;
  return (
    <li>
      <div className={classes.input}>
        <Icon size={16} aria-hidden color={counted ? 'var(--gw-good)' : 'var(--gw-muted)'} />
        <span>
          <Link
            to="/attempts/$id"
            params={{ id: attempt.id }}
            onClick={onLeave}
            aria-label={t('inputs.open', { name })}
          >
            {name}
          </Link>
          {' · '}
          {activityName(attempt.activity)}{' '}
          <Unverified verification={attempt.verification} confirmed={attempt.confirmed !== null} />{' '}
          <TestMark test={attempt.test} />
          <Text size="xs" c="dimmed" component="div">
            <Moment at={attempt.completedAt ?? attempt.startedAt} /> · {t(counted ? 'inputs.inIt' : 'inputs.out')}
            {reason !== null && <>: {t(`excluded.${reason}`)}</>}
          </Text>
        </span>
        <span className={classes.number}>
          <Percent value={attempt.percentage} />
        </span>
        {receipts.length > 0 && (
          <UnstyledButton className={classes.opener} aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? <ChevronDown size={14} aria-hidden /> : <ChevronRight size={14} aria-hidden />}
            {t('inputs.receipts', { count: receipts.length })}
            <VisuallyHidden>{t('inputs.receiptsOf', { name })}</VisuallyHidden>
          </UnstyledButton>
        )}
      </div>
      {open && <ReceiptLinks receipts={receipts} onLeave={onLeave} />}
    </li>
  );
}

function ReceiptLinks({ receipts, onLeave }: { receipts: readonly string[]; onLeave(): void }) {
  const t = useTranslations('explain.inputs');
  const { role } = useMe();
  return (
    <ul className={classes.receiptLinks}>
      {receipts.map((id) => (
        <li key={id} className="gw-mono">
          {role === 'admin' ? (
            <Link to="/receipts/$id" params={{ id }} onClick={onLeave}>
              {id}
            </Link>
          ) : (
            id
          )}
        </li>
      ))}
      {role !== 'admin' && <li>{t('adminOnly')}</li>}
    </ul>
  );
}
