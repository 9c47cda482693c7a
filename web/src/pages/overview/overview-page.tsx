/** A range of time over all learners of the class: totals, trend, weakest areas, platforms, and how complete it is. */
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { rangeStart, useFilters, viewerTimeZone } from '../../shell/filters.ts';
import { Completeness } from './completeness.tsx';
import { Flagged } from './flagged.tsx';
import { Platforms } from './platforms.tsx';
import { Totals } from './totals.tsx';
import { Trend } from './trend.tsx';
import { WeakAreas } from './weak-areas.tsx';
import '@mantine/charts/styles.css';

export function OverviewPage() {
  const t = useTranslations('overview');
  const { cohort, range } = useFilters();
  const from = rangeStart(range);
  const narrowed = {
    tz: viewerTimeZone,
    ...(from === undefined ? {} : { from }),
    ...(cohort === undefined ? {} : { cohort }),
  };
  const query = $api.useQuery('get', '/api/v1/overview', { params: { query: narrowed } });
  const totals = query.data?.totals;
  return (
    <Page
      title={t('title')}
      state={
        totals === undefined
          ? undefined
          : t('state', { learners: totals.learners, completed: totals.attemptsCompleted })
      }
    >
      <Shown query={query} lines={12}>
        {(overview) => (
          <>
            <Flagged cohort={cohort} />
            <Totals overview={overview} narrowed={narrowed} range={range} />
            <Trend trend={overview.trend} range={range} />
            <WeakAreas areas={overview.weakAreas} narrowed={narrowed} />
            <Platforms platforms={overview.platforms} />
            <Completeness completeness={overview.completeness} />
          </>
        )}
      </Shown>
    </Page>
  );
}
