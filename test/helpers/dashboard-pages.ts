/** Every page of the dashboard, at an address that has something to show in the school. */
import type { Page } from 'playwright-core';
import type { School } from './demo-school.ts';
import { until } from './until.ts';

export interface DashboardPage {
  /** Names the picture. */
  name: string;
  path: string;
  /** Looked at without a session. */
  signedOut?: true;
}

interface Listed {
  data: { id: string; kind?: string; provider?: string; slug?: string }[];
}

/** The pages, with the ids of this school in their addresses. */
export async function dashboardPages(school: School): Promise<DashboardPage[]> {
  const list = (path: string) => school.call<Listed>('GET', path);
  const first = async (path: string) => (await list(path)).data[0]?.id ?? 'none';
  const attempts = await school.call<{ data: { id: string; provider: string; learner: { id: string } }[] }>(
    'GET',
    '/api/v1/attempts?state=completed&limit=200',
  );
  const attemptOf = (provider: string) => attempts.data.find((attempt) => attempt.provider === provider)?.id ?? 'none';
  // Of an exam with subjects: there are weak areas to see.
  const learner = attempts.data.find(({ provider }) => provider === 'testpress')?.learner.id ?? 'none';
  const activities = await list('/api/v1/activities?limit=200');
  const quiz = activities.data.find(({ provider }) => provider === 'quizapi')?.id ?? 'none';
  const track = activities.data.find(({ kind }) => kind === 'track')?.id ?? 'none';
  const classes = await list('/api/v1/cohorts');
  const cohort =
    classes.data[0]?.id ?? (await school.call<{ id: string }>('POST', '/api/v1/cohorts', { name: 'Morning class' })).id;
  await school.call('POST', `/api/v1/cohorts/${cohort}/members`, { learners: [learner] });
  const source = await first('/api/v1/sources');
  const { endpoint, delivery } = await onceFor(school);
  const receipt = await first('/api/v1/receipts?limit=1');
  return [
    { name: 'sign-in', path: '/sign-in', signedOut: true },
    { name: 'live', path: '/' },
    { name: 'learners', path: '/learners' },
    { name: 'learner', path: `/learners/${learner}` },
    { name: 'roster-import', path: '/learners/import' },
    { name: 'suggestions', path: '/learners/suggestions' },
    { name: 'attempt-quiz', path: `/attempts/${attemptOf('quizapi')}` },
    { name: 'attempt-exam', path: `/attempts/${attemptOf('testpress')}` },
    { name: 'attempt-track', path: `/attempts/${attemptOf('instruqt')}` },
    { name: 'activities', path: '/activities' },
    { name: 'activity', path: `/activities/${quiz}` },
    { name: 'activity-questions', path: `/activities/${quiz}?tab=questions` },
    { name: 'activity-grid', path: `/activities/${quiz}?tab=grid` },
    { name: 'activity-funnel', path: `/activities/${track}?tab=funnel` },
    { name: 'activity-attempts', path: `/activities/${quiz}?tab=attempts` },
    { name: 'activity-settings', path: `/activities/${quiz}?tab=settings` },
    { name: 'overview', path: '/overview' },
    { name: 'classes', path: '/classes' },
    { name: 'class', path: `/classes/${cohort}` },
    { name: 'sources', path: '/sources' },
    { name: 'source-new', path: '/sources/new' },
    { name: 'source', path: `/sources/${source}` },
    { name: 'webhooks', path: '/receipts' },
    { name: 'webhook', path: `/receipts/${receipt}` },
    { name: 'endpoints', path: '/endpoints' },
    { name: 'endpoint-new', path: '/endpoints/new' },
    { name: 'endpoint-new-webhook', path: '/endpoints/new?choice=webhook' },
    { name: 'endpoint-new-lrs', path: '/endpoints/new?choice=xapi' },
    { name: 'endpoint', path: `/endpoints/${endpoint}` },
    { name: 'endpoint-log', path: `/endpoints/${endpoint}?tab=log` },
    { name: 'endpoint-delivery', path: `/endpoints/${endpoint}?tab=log&delivery=${delivery}` },
    { name: 'endpoint-test', path: `/endpoints/${endpoint}?tab=test` },
    { name: 'endpoint-settings', path: `/endpoints/${endpoint}?tab=settings` },
    { name: 'event-types', path: '/event-types' },
    { name: 'event-type', path: '/event-types?type=attempt.completed' },
    { name: 'settings-members', path: '/settings?tab=members' },
    { name: 'settings-keys', path: '/settings?tab=keys' },
    { name: 'settings-workspace', path: '/settings?tab=workspace' },
    { name: 'settings-audit', path: '/settings?tab=audit' },
    { name: 'account', path: '/account' },
  ];
}

/** The pages are walked over more than once; the endpoint's queue is long after the first time. */
const made = new WeakMap<School, ReturnType<typeof endpointWithLog>>();

function onceFor(school: School): ReturnType<typeof endpointWithLog> {
  const found = made.get(school) ?? endpointWithLog(school);
  made.set(school, found);
  return found;
}

/** An endpoint that cannot be reached, so that its pages show what a failure looks like, and one delivery that failed. */
async function endpointWithLog(school: School): Promise<{ endpoint: string; delivery: string }> {
  const { data } = await school.call<Listed>('GET', '/api/v1/endpoints');
  const endpoint =
    data[0]?.id ??
    (
      await school.call<{ id: string }>('POST', '/api/v1/endpoints', {
        kind: 'webhook',
        // Names under .invalid are never found (RFC 6761).
        url: 'https://lms.invalid/hooks/gradewire',
        description: 'Campus LMS',
        eventTypes: ['attempt.completed', 'certificate.issued'],
      })
    ).id;
  // A school that was looked at before: its log has failures, and a new test would wait behind all that is still to be tried.
  const log = await school.call<{ data: { id: string; tries: number }[] }>(
    'GET',
    `/api/v1/deliveries?endpoint=${endpoint}&limit=200`,
  );
  const tried = log.data.find(({ tries }) => tries > 0);
  if (tried !== undefined) return { endpoint, delivery: tried.id };
  const { deliveryId: delivery } = await school.call<{ deliveryId: string }>(
    'POST',
    `/api/v1/endpoints/${endpoint}/test`,
    { eventType: 'attempt.completed' },
  );
  await until('the test failed', async () => {
    const { tries } = await school.call<{ tries: number }>('GET', `/api/v1/deliveries/${delivery}`);
    return tries > 0;
  });
  // The rest of the log need not wait for its tries.
  await school.call('POST', `/api/v1/endpoints/${endpoint}/backfill`, {
    from: new Date(Date.now() - 30 * 86_400_000).toISOString(),
    to: new Date().toISOString(),
  });
  return { endpoint, delivery };
}

/** Waits until a page shows what it has: its heading, and no place that is still loading. */
export async function settled(page: Page): Promise<void> {
  await page.waitForSelector('h1');
  // Streams stay open, so there is no idle network to wait for.
  const loading = page.locator('.mantine-Skeleton-root');
  await until(`${page.url()} has loaded`, async () => (await loading.count()) === 0);
}
