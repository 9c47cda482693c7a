/** The main navigation: a rail on the left, a bar at the bottom on a phone. */
import { Link, useRouterState } from '@tanstack/react-router';
import {
  Activity,
  BookOpen,
  ChartColumn,
  Plug,
  Radio,
  Send,
  Settings,
  UserRound,
  Users,
  UsersRound,
} from 'lucide-react';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { useCurrentInView } from '../parts/use-current-in-view.ts';
import { useMe } from './session.ts';
import classes from './shell.module.css';

const TEACHING = [
  { to: '/', name: 'live', icon: Radio },
  { to: '/learners', name: 'learners', icon: Users },
  { to: '/activities', name: 'activities', icon: BookOpen },
  { to: '/overview', name: 'overview', icon: ChartColumn },
  { to: '/classes', name: 'classes', icon: UsersRound },
] as const;

const RUNNING = [
  { to: '/sources', name: 'sources', icon: Plug },
  { to: '/endpoints', name: 'endpoints', icon: Send },
  { to: '/settings', name: 'settings', icon: Settings },
] as const;

/** A learner sees what is their own, and nothing else is offered. */
const OWN = [{ to: '/me', name: 'own', icon: UserRound }] as const;

export function Rail() {
  const t = useTranslations('common');
  const { role } = useMe();
  const row = useRef<HTMLUListElement>(null);
  useCurrentInView(row, useRouterState({ select: ({ location }) => location.pathname }));
  // What an instructor may not open is not offered.
  const links = role === 'admin' ? [...TEACHING, null, ...RUNNING] : role === 'learner' ? OWN : TEACHING;
  return (
    <nav className={classes.rail} aria-label={t('nav.main')}>
      <Link to={role === 'learner' ? '/me' : '/'} className={classes.brand}>
        <Activity size={20} aria-hidden color="var(--gw-link)" />
        {t('app')}
      </Link>
      <ul className={classes.links} ref={row}>
        {links.map((link) =>
          link === null ? (
            <li key="divider" className={classes.divider} aria-hidden />
          ) : (
            <li key={link.to}>
              <Link to={link.to} className={classes.link} activeOptions={{ exact: link.to === '/' }}>
                <link.icon size={18} aria-hidden strokeWidth={1.75} />
                {t(`nav.${link.name}`)}
              </Link>
            </li>
          ),
        )}
      </ul>
    </nav>
  );
}
