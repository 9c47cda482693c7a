/** The frame around every page of a person who is signed in. */
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { LiveProvider } from '../live/live-provider.tsx';
import { DisabledBanner } from './disabled-banner.tsx';
import { ExplainProvider } from './explain.tsx';
import { useFilters } from './filters.ts';
import { PresenterProvider } from './presenter.tsx';
import { Rail } from './rail.tsx';
import { SearchHost } from './search-host.tsx';
import classes from './shell.module.css';
import { TopBar } from './top-bar.tsx';

export function Shell() {
  const t = useTranslations('common.nav');
  const { cohort } = useFilters();
  const navigate = useNavigate();
  const main = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const first = useRef(true);
  // A new page is told to screen readers by moving the focus to it; the first load leaves it where it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what it waits for.
  useEffect(() => {
    if (first.current) first.current = false;
    else main.current?.focus();
  }, [path]);
  const onSignedOut = useCallback(() => void navigate({ to: '/sign-in' }), [navigate]);
  return (
    <PresenterProvider>
      <LiveProvider cohort={cohort} onSignedOut={onSignedOut}>
        <a className="gw-skip" href="#content">
          {t('skip')}
        </a>
        <div className={classes.frame}>
          <Rail />
          <TopBar />
          <main className={classes.main} id="content" ref={main} tabIndex={-1}>
            <DisabledBanner />
            {/* Within presenter mode and the router: the drawer names people and links to pages. */}
            <ExplainProvider>
              <Outlet />
            </ExplainProvider>
          </main>
        </div>
        <SearchHost />
      </LiveProvider>
    </PresenterProvider>
  );
}
