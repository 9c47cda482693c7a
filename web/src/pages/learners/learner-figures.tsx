/** A learner's totals; each opens what it is made of. */
import { useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { FigureList, FigureTile } from '../../parts/figure-list.tsx';
import { Count, Duration, Percent } from '../../parts/figures.tsx';
import { Explainable, type FigureRequest } from '../../shell/explain.tsx';
import type { Narrowed } from './use-narrowed.ts';

type Progress = Answer<'/api/v1/learners/{id}/progress'>;

export function LearnerFigures(props: { progress: Progress; narrowed: Narrowed }) {
  const t = useTranslations('learners.figures');
  const policy = useTranslations('common.policy');
  const { summary, learner, basis } = props.progress;
  const figure = (name: FigureRequest['figure']): FigureRequest => ({
    figure: name,
    learner: learner.id,
    ...props.narrowed,
  });
  return (
    <FigureList>
      <FigureTile label={t('completed')}>
        <Explainable figure={figure('learner.attemptsCompleted')} name={t('completed')}>
          <Count value={summary.attemptsCompleted} />
        </Explainable>
      </FigureTile>
      <FigureTile label={t('average')} note={t('averageNote', { policy: policy(basis.attempts), n: basis.n })}>
        <Explainable figure={figure('learner.averagePercentage')} name={t('average')}>
          <Percent value={summary.averagePercentage} />
        </Explainable>
      </FigureTile>
      <FigureTile label={t('started')} note={summary.attemptsStarted === null ? t('notTold') : undefined}>
        <Explainable figure={figure('learner.attemptsStarted')} name={t('started')}>
          <Count value={summary.attemptsStarted} />
        </Explainable>
      </FigureTile>
      <FigureTile label={t('abandoned')}>
        <Count value={summary.attemptsAbandoned} />
      </FigureTile>
      <FigureTile
        label={t('time')}
        note={
          summary.timeKinds.length === 0
            ? undefined
            : t(summary.timeKinds.length > 1 ? 'timeMixed' : `time_${summary.timeKinds[0] ?? 'reported'}`)
        }
      >
        <Explainable figure={figure('learner.totalTimeSeconds')} name={t('time')}>
          <Duration seconds={summary.totalTimeSeconds} />
        </Explainable>
      </FigureTile>
      {basis.unverified > 0 && (
        <FigureTile label={t('unverified')} note={t('unverifiedNote')}>
          <Count value={basis.unverified} />
        </FigureTile>
      )}
    </FigureList>
  );
}
