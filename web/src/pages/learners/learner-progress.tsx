/** What is the same on the page that teachers see of a learner and on the learner's own. */
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useFilters, viewerTimeZone } from '../../shell/filters.ts';
import { addDays, dayOf } from './days.ts';
import { LearnerAttempts } from './learner-attempts.tsx';
import { LearnerFigures } from './learner-figures.tsx';
import { LearnerCalendar, LearnerTimeline } from './learner-timeline.tsx';
import { useNarrowed } from './use-narrowed.ts';
import { WeakAreas } from './weak-areas.tsx';

/** As many as the calendar shows. */
const CALENDAR_DAYS = 53 * 7;

export function LearnerProgress(props: { learner: string }) {
  const t = useTranslations('learners.figures');
  const rangeName = useTranslations('common.range');
  const { range } = useFilters();
  const narrowed = useNarrowed();
  const path = { id: props.learner };
  const query = $api.useQuery('get', '/api/v1/learners/{id}/progress', { params: { path, query: { ...narrowed } } });
  // A day more than shown, since the first one is cut in the viewer's zone; whole days, so that the answer can be kept.
  const year = $api.useQuery('get', '/api/v1/learners/{id}/progress', {
    params: {
      path,
      query: {
        tz: viewerTimeZone,
        from: `${addDays(dayOf(new Date(), viewerTimeZone), -CALENDAR_DAYS - 1)}T00:00:00Z`,
      },
    },
  });
  return (
    <>
      <Shown query={query} lines={8}>
        {(progress) => (
          <>
            <Section title={t('title')} note={rangeName(range)}>
              <LearnerFigures progress={progress} narrowed={narrowed} />
            </Section>
            <WeakAreas areas={progress.weakAreas} learner={props.learner} narrowed={narrowed} />
            <LearnerTimeline timeline={progress.timeline} from={narrowed.from} />
          </>
        )}
      </Shown>
      <Shown query={year} lines={3}>
        {({ timeline }) => <LearnerCalendar timeline={timeline} />}
      </Shown>
      <LearnerAttempts learner={props.learner} from={narrowed.from} />
    </>
  );
}
