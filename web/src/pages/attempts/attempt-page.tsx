/** One attempt: its result, the answers, areas and steps it is made of, the grades before, and the webhooks that prove it. */
import { Alert, Text } from '@mantine/core';
import { getRouteApi, Link } from '@tanstack/react-router';
import { FlaskConical, Undo2 } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { FigureList, FigureTile } from '../../parts/figure-list.tsx';
import { Count, Duration, Moment, Percent, TestMark, Unverified } from '../../parts/figures.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import { useMe } from '../../shell/session.ts';
import { PassedOn } from '../endpoints/passed-on.tsx';
import names from '../learners/learners.module.css';
import { AttemptAnswers } from './attempt-answers.tsx';
import { AttemptEvidence } from './attempt-evidence.tsx';
import { OutcomeMark, StateMark } from './attempt-marks.tsx';
import { AttemptAreas, AttemptHistory, AttemptSteps } from './attempt-tables.tsx';
import { AttemptTrust } from './attempt-trust.tsx';

type Attempt = Answer<'/api/v1/attempts/{id}'>;

const route = getRouteApi('/signed-in/attempts/$id');

export function AttemptPage() {
  const { id } = route.useParams();
  const query = $api.useQuery('get', '/api/v1/attempts/{id}', { params: { path: { id } } });
  return (
    <Shown query={query} lines={8}>
      {(attempt) => <OneAttempt attempt={attempt} />}
    </Shown>
  );
}

function OneAttempt({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('learners.attempt');
  const activityName = useActivityName();
  const provider = useTranslations('common.provider');
  const nameOf = useLearnerName();
  const own = useMe().role === 'learner';
  const title = activityName(attempt.activity);
  return (
    <Page
      title={title}
      state={t.rich('by', {
        name: nameOf(attempt.learner),
        provider: provider(attempt.provider),
        who: (inner) => (
          <Link to={own ? '/me' : '/learners/$id'} params={{ id: attempt.learner.id }} className={names.inline}>
            {inner}
          </Link>
        ),
      })}
      actions={
        !own && (
          <ButtonLink to="/activities/$id" params={{ id: attempt.activity.id }} variant="default">
            {t('openActivity')}
          </ButtonLink>
        )
      }
    >
      {attempt.test && (
        <Alert mb="md" color="gray" icon={<FlaskConical size={18} aria-hidden />}>
          {t('test')}
        </Alert>
      )}
      {attempt.state === 'revoked' && (
        <Alert mb="md" color="amber" icon={<Undo2 size={18} aria-hidden />}>
          {t('revoked')}
        </Alert>
      )}
      <AttemptTrust attempt={attempt} />
      <AttemptFigures attempt={attempt} />
      <AttemptAnswers attempt={attempt} />
      <AttemptAreas attempt={attempt} />
      <AttemptSteps attempt={attempt} />
      <AttemptHistory attempt={attempt} />
      <AttemptEvidence attempt={attempt} />
      <PassedOn of={{ attempt: attempt.id }} />
    </Page>
  );
}

function AttemptFigures({ attempt }: { attempt: Attempt }) {
  const t = useTranslations('learners.attempt');
  const points =
    attempt.score === null
      ? undefined
      : attempt.maxScore === null
        ? t('pointsOnly', { score: attempt.score })
        : t('points', { score: attempt.score, max: attempt.maxScore });
  const ofQuestions = attempt.totalQuestions === null ? undefined : t('ofQuestions', { total: attempt.totalQuestions });
  return (
    <Section title={t('figures')}>
      <FigureList>
        <FigureTile
          label={t('result')}
          note={
            <>
              {points} <Unverified verification={attempt.verification} confirmed={attempt.confirmed !== null} />{' '}
              <TestMark test={attempt.test} />
            </>
          }
        >
          <Percent value={attempt.percentage} />
        </FigureTile>
        <FigureTile label={t('state')}>
          <Text size="md" component="span">
            <StateMark state={attempt.state} />
          </Text>
        </FigureTile>
        <FigureTile label={t('outcome')}>
          <Text size="md" component="span" {...(attempt.outcome === null ? { c: 'dimmed' } : {})}>
            {attempt.outcome === null ? t('noOutcome') : <OutcomeMark outcome={attempt.outcome} />}
          </Text>
        </FigureTile>
        {attempt.correctCount !== null && (
          <FigureTile label={t('correct')} note={ofQuestions}>
            <Count value={attempt.correctCount} />
          </FigureTile>
        )}
        {attempt.incorrectCount !== null && (
          <FigureTile label={t('incorrect')}>
            <Count value={attempt.incorrectCount} />
          </FigureTile>
        )}
        {attempt.partialCount !== null && attempt.partialCount > 0 && (
          <FigureTile label={t('partial')}>
            <Count value={attempt.partialCount} />
          </FigureTile>
        )}
        {attempt.unansweredCount !== null && (
          <FigureTile label={t('unanswered')}>
            <Count value={attempt.unansweredCount} />
          </FigureTile>
        )}
        {attempt.timeSpentSeconds !== null && (
          <FigureTile label={t('time')} note={t(attempt.timeKind === 'wall_clock' ? 'timeWall' : 'timeReported')}>
            <Duration seconds={attempt.timeSpentSeconds} />
          </FigureTile>
        )}
      </FigureList>
      <Text size="sm" c="dimmed">
        {t('started')}: <Moment at={attempt.startedAt} /> · {t('completed')}: <Moment at={attempt.completedAt} />
      </Text>
    </Section>
  );
}
