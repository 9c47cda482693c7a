/** An activity at a glance: its figures, how scores spread, its days, and what is hardest. */
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Activity } from '../../api/types.ts';
import { FigureList, FigureTile } from '../../parts/figure-list.tsx';
import { Count, Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { Explainable } from '../../shell/explain.tsx';
import { FigureValue } from '../explain/figure-value.tsx';
import { Trend } from '../overview/trend.tsx';
import classes from './activities.module.css';
import { BasisNote } from './basis-note.tsx';
import { Distribution } from './distribution.tsx';
import { HardestQuestions } from './hardest-questions.tsx';
import { useNarrowed } from './use-narrowed.ts';
import '@mantine/charts/styles.css';

export function OverviewTab({ activity }: { activity: Activity }) {
  const { figure, zoned, range } = useNarrowed();
  const path = { id: activity.id };
  const distribution = $api.useQuery('get', '/api/v1/activities/{id}/distribution', {
    params: { path, query: figure },
  });
  const trend = $api.useQuery('get', '/api/v1/activities/{id}/trend', { params: { path, query: zoned } });
  return (
    <>
      <Figures activity={activity} />
      <div className={classes.two}>
        <Shown query={distribution}>{(spread) => <Distribution spread={spread} />}</Shown>
        <HardestQuestions activity={activity} />
      </div>
      <Shown query={trend}>
        {({ data }) => <Trend trend={data.map((day) => ({ ...day, attemptsStarted: null }))} range={range} />}
      </Shown>
    </>
  );
}

function Figures({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.figures');
  const { zoned } = useNarrowed();
  const { basis } = activity;
  const asked = { ...zoned, activity: activity.id };
  const passRate = $api.useQuery('get', '/api/v1/explain', {
    params: { query: { ...asked, figure: 'activity.passRate' } },
  });
  return (
    <Section title={t('title')} note={<BasisNote basis={basis} />}>
      <FigureList>
        <FigureTile label={t('average')} note={t('of', { n: basis.n, learners: basis.learners })}>
          {activity.averagePercentage === null ? (
            <Percent value={null} />
          ) : (
            <Explainable figure={{ ...asked, figure: 'activity.averagePercentage' }} name={t('average')}>
              <Percent value={activity.averagePercentage} />
            </Explainable>
          )}
        </FigureTile>
        <FigureTile
          label={t('passRate')}
          note={
            passRate.data === undefined
              ? undefined
              : passRate.data.value === null
                ? t('noVerdict')
                : t('of', { n: passRate.data.n, learners: passRate.data.learners })
          }
        >
          {passRate.data === undefined ? (
            <Percent value={null} />
          ) : (
            <Explainable figure={{ ...asked, figure: 'activity.passRate' }} name={t('passRate')}>
              <FigureValue value={passRate.data.value} unit={passRate.data.unit} />
            </Explainable>
          )}
        </FigureTile>
        <FigureTile
          label={t('completed')}
          note={basis.excluded.noScore > 0 ? t('noScore', { count: basis.excluded.noScore }) : t('allAttempts')}
        >
          <Explainable figure={{ ...asked, figure: 'activity.attemptsCompleted' }} name={t('completed')}>
            <Count value={activity.attemptsCompleted} />
          </Explainable>
        </FigureTile>
        <FigureTile
          label={t('learners')}
          note={basis.unverified > 0 ? t('unverified', { count: basis.unverified }) : t('whoCompleted')}
        >
          <Count value={activity.learners} />
        </FigureTile>
      </FigureList>
    </Section>
  );
}
