/** Members, API keys, the workspace, and who did what. */
import { Tabs } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useRef } from 'react';
import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';
import { useCurrentInView } from '../../parts/use-current-in-view.ts';
import { AuditTab } from './audit-tab.tsx';
import { KeysTab } from './keys-tab.tsx';
import { MembersTab } from './members-tab.tsx';
import { TABS } from './settings-search.ts';
import { WorkspaceTab } from './workspace-tab.tsx';

const route = getRouteApi('/signed-in/settings');

export function SettingsPage() {
  const t = useTranslations('settings');
  const { tab = 'members' } = route.useSearch();
  const navigate = route.useNavigate();
  const row = useRef<HTMLDivElement>(null);
  useCurrentInView(row, tab);
  return (
    <Page title={t('title')} state={t('state')}>
      <Tabs
        value={tab}
        onChange={(value) =>
          void navigate({
            search: ({ cohort, range }) => ({ cohort, range, tab: TABS.find((name) => name === value) }),
          })
        }
        keepMounted={false}
      >
        <Tabs.List ref={row} mb="lg">
          {TABS.map((name) => (
            <Tabs.Tab key={name} value={name}>
              {t(`tab.${name}`)}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        <Tabs.Panel value="members">
          <MembersTab />
        </Tabs.Panel>
        <Tabs.Panel value="keys">
          <KeysTab />
        </Tabs.Panel>
        <Tabs.Panel value="workspace">
          <WorkspaceTab />
        </Tabs.Panel>
        <Tabs.Panel value="audit">
          <AuditTab />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
