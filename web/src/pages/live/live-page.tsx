/** The class now: who needs a look, who is in an attempt, what happens, today's totals. All by the live stream. */
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Page } from '../../parts/page.tsx';
import { useFilters } from '../../shell/filters.ts';
import { AttentionList } from './attention-list.tsx';
import { Feed } from './feed.tsx';
import classes from './live.module.css';
import { RunningTable } from './running-table.tsx';
import { Today } from './today.tsx';

export function LivePage() {
  const t = useTranslations('live');
  const { cohort } = useFilters();
  const running = $api.useQuery('get', '/api/v1/running', {
    params: { query: { limit: 100, ...(cohort === undefined ? {} : { cohort }) } },
  });
  const counts = running.data?.counts;
  return (
    <Page
      title={t('title')}
      state={
        counts === undefined ? undefined : t('state', { active: counts.active, stuck: counts.stuck, idle: counts.idle })
      }
    >
      <div className={classes.columns}>
        <div>
          <AttentionList cohort={cohort} />
          <RunningTable query={running} />
        </div>
        <div>
          <Today cohort={cohort} />
          <Feed cohort={cohort} />
        </div>
      </div>
    </Page>
  );
}
