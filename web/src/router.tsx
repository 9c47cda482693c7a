/** Every address of the dashboard. Pages are loaded when they are first opened. */
import {
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
  retainSearchParams,
} from '@tanstack/react-router';
import { ApiError } from './api/api-error.ts';
import { queryClient } from './api/query-client.ts';
import { lazyPage } from './lazy-page.tsx';
import { parseActivitySearch } from './pages/activities/activity-search.ts';
import { parseActivityListSearch } from './pages/activities/list-search.ts';
import { parseEndpointSearch } from './pages/endpoints/endpoint-search.ts';
import { parseEventTypesSearch } from './pages/endpoints/event-types-search.ts';
import { parseNewEndpointSearch } from './pages/endpoints/new-endpoint-search.ts';
import { parseLearnerListSearch } from './pages/learners/list-search.ts';
import { parseReceiptSearch } from './pages/receipts/receipt-search.ts';
import { parseSettingsSearch } from './pages/settings/settings-search.ts';
import { parseEntrySearch } from './pages/sign-in/entry-search.ts';
import { parseNewSourceSearch } from './pages/sources/new-source-search.ts';
import { Failed, Loading } from './parts/states.tsx';
import { parseFilters } from './shell/filters.ts';
import { NotFound } from './shell/not-found.tsx';
import { meQuery } from './shell/session.ts';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({
  component: Outlet,
  validateSearch: parseFilters,
  search: { middlewares: [retainSearchParams(['cohort', 'range'])] },
  notFoundComponent: NotFound,
});

/** Pages before signing in. */
const open = {
  signIn: createRoute({
    getParentRoute: () => root,
    path: '/sign-in',
    validateSearch: parseEntrySearch,
    component: lazyPage(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
  }),
  setup: createRoute({
    getParentRoute: () => root,
    path: '/setup',
    validateSearch: parseEntrySearch,
    component: lazyPage(() => import('./pages/sign-in/setup-page.tsx'), 'SetupPage'),
  }),
  invitation: createRoute({
    getParentRoute: () => root,
    path: '/invitations/$token',
    component: lazyPage(() => import('./pages/sign-in/invitation-page.tsx'), 'InvitationPage'),
  }),
  resetPassword: createRoute({
    getParentRoute: () => root,
    path: '/reset-password',
    validateSearch: parseEntrySearch,
    component: lazyPage(() => import('./pages/sign-in/reset-password-page.tsx'), 'ResetPasswordPage'),
  }),
};

/** What a learner may open: what is their own. The API keeps what is others' from them besides. */
function ownPage(path: string): boolean {
  return path === '/me' || path === '/account' || path.startsWith('/attempts/');
}

/** Everything else needs a session; without one it leads to the sign-in page and back. */
const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  async beforeLoad({ location }) {
    try {
      const me = await queryClient.ensureQueryData(meQuery);
      if (me.role === 'learner' && !ownPage(location.pathname)) throw redirect({ to: '/me' });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) {
        throw redirect({ to: '/sign-in', search: { to: location.href } });
      }
      throw error;
    }
  },
  component: Shell,
});

const live = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/live/live-page.tsx'), 'LivePage'),
});
const learners = createRoute({
  getParentRoute: () => signedIn,
  path: '/learners',
  validateSearch: parseLearnerListSearch,
  component: lazyPage(() => import('./pages/learners/learners-page.tsx'), 'LearnersPage'),
});
const learnersImport = createRoute({
  getParentRoute: () => signedIn,
  path: '/learners/import',
  component: lazyPage(() => import('./pages/learners/import-page.tsx'), 'ImportPage'),
});
const suggestions = createRoute({
  getParentRoute: () => signedIn,
  path: '/learners/suggestions',
  component: lazyPage(() => import('./pages/learners/suggestions-page.tsx'), 'SuggestionsPage'),
});
const learner = createRoute({
  getParentRoute: () => signedIn,
  path: '/learners/$id',
  component: lazyPage(() => import('./pages/learners/learner-page.tsx'), 'LearnerPage'),
});
const attempt = createRoute({
  getParentRoute: () => signedIn,
  path: '/attempts/$id',
  component: lazyPage(() => import('./pages/attempts/attempt-page.tsx'), 'AttemptPage'),
});
const activities = createRoute({
  getParentRoute: () => signedIn,
  path: '/activities',
  validateSearch: parseActivityListSearch,
  component: lazyPage(() => import('./pages/activities/activities-page.tsx'), 'ActivitiesPage'),
});
const activity = createRoute({
  getParentRoute: () => signedIn,
  path: '/activities/$id',
  validateSearch: parseActivitySearch,
  component: lazyPage(() => import('./pages/activities/activity-page.tsx'), 'ActivityPage'),
});
const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/overview',
  component: lazyPage(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});
const classes = createRoute({
  getParentRoute: () => signedIn,
  path: '/classes',
  component: lazyPage(() => import('./pages/classes/classes-page.tsx'), 'ClassesPage'),
});
const oneClass = createRoute({
  getParentRoute: () => signedIn,
  path: '/classes/$id',
  component: lazyPage(() => import('./pages/classes/class-page.tsx'), 'ClassPage'),
});
const sources = createRoute({
  getParentRoute: () => signedIn,
  path: '/sources',
  component: lazyPage(() => import('./pages/sources/sources-page.tsx'), 'SourcesPage'),
});
const newSource = createRoute({
  getParentRoute: () => signedIn,
  path: '/sources/new',
  validateSearch: parseNewSourceSearch,
  component: lazyPage(() => import('./pages/sources/new-source-page.tsx'), 'NewSourcePage'),
});
const source = createRoute({
  getParentRoute: () => signedIn,
  path: '/sources/$id',
  component: lazyPage(() => import('./pages/sources/source-page.tsx'), 'SourcePage'),
});
const receipts = createRoute({
  getParentRoute: () => signedIn,
  path: '/receipts',
  validateSearch: parseReceiptSearch,
  component: lazyPage(() => import('./pages/receipts/receipts-page.tsx'), 'ReceiptsPage'),
});
const receipt = createRoute({
  getParentRoute: () => signedIn,
  path: '/receipts/$id',
  component: lazyPage(() => import('./pages/receipts/receipt-page.tsx'), 'ReceiptPage'),
});
const endpoints = createRoute({
  getParentRoute: () => signedIn,
  path: '/endpoints',
  component: lazyPage(() => import('./pages/endpoints/endpoints-page.tsx'), 'EndpointsPage'),
});
const newEndpoint = createRoute({
  getParentRoute: () => signedIn,
  path: '/endpoints/new',
  validateSearch: parseNewEndpointSearch,
  component: lazyPage(() => import('./pages/endpoints/new-endpoint-page.tsx'), 'NewEndpointPage'),
});
const endpoint = createRoute({
  getParentRoute: () => signedIn,
  path: '/endpoints/$id',
  validateSearch: parseEndpointSearch,
  component: lazyPage(() => import('./pages/endpoints/endpoint-page.tsx'), 'EndpointPage'),
});
const eventTypes = createRoute({
  getParentRoute: () => signedIn,
  path: '/event-types',
  validateSearch: parseEventTypesSearch,
  component: lazyPage(() => import('./pages/endpoints/event-types-page.tsx'), 'EventTypesPage'),
});
const settings = createRoute({
  getParentRoute: () => signedIn,
  path: '/settings',
  validateSearch: parseSettingsSearch,
  component: lazyPage(() => import('./pages/settings/settings-page.tsx'), 'SettingsPage'),
});
const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyPage(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});
const me = createRoute({
  getParentRoute: () => signedIn,
  path: '/me',
  component: lazyPage(() => import('./pages/me/own-page.tsx'), 'OwnPage'),
});

const routeTree = root.addChildren([
  open.signIn,
  open.setup,
  open.invitation,
  open.resetPassword,
  signedIn.addChildren([
    live,
    learners,
    learnersImport,
    suggestions,
    learner,
    attempt,
    activities,
    activity,
    overview,
    classes,
    oneClass,
    sources,
    newSource,
    source,
    receipts,
    receipt,
    endpoints,
    newEndpoint,
    endpoint,
    eventTypes,
    settings,
    account,
    me,
  ]),
]);

export const router = createRouter({
  routeTree,
  defaultPreload: 'intent',
  defaultPendingComponent: Loading,
  defaultErrorComponent: ({ error, reset }) => <Failed error={error} retry={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
