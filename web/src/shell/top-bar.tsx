/** Class, date range and zone, search, freshness, the person's menu. */
import { ActionIcon, Button, Menu, NativeSelect, Text, Tooltip, useMantineColorScheme } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { Presentation, Search, UserRound } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useAllCohorts } from '../api/cohorts.ts';
import { useLanguage } from '../i18n/language.tsx';
import { LOCALES } from '../i18n/locale.ts';
import { RANGES, useFilters, viewerTimeZone } from './filters.ts';
import { Freshness } from './freshness.tsx';
import { usePresenter } from './presenter.tsx';
import { openSearch } from './search-store.ts';
import { useMe } from './session.ts';
import classes from './shell.module.css';
import { signOut } from './sign-out.ts';

const SCHEMES = ['light', 'dark', 'auto'] as const;
const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' } as const;

export function TopBar() {
  const t = useTranslations('common');
  const presenter = usePresenter();
  const learner = useMe().role === 'learner';
  return (
    <header className={classes.bar}>
      {!learner && <ClassSwitcher />}
      <RangeSwitcher />
      <Text size="xs" c="dimmed" visibleFrom="md">
        {t('top.zone', { zone: viewerTimeZone })}
      </Text>
      <span className={classes.spring} />
      {!learner && (
        <Button
          variant="default"
          size="xs"
          leftSection={<Search size={14} aria-hidden />}
          onClick={openSearch}
          aria-keyshortcuts="Control+K Meta+K"
        >
          {t('top.search')}
        </Button>
      )}
      <Freshness />
      <Tooltip label={t('top.presenter')}>
        <ActionIcon
          variant={presenter.on ? 'filled' : 'subtle'}
          color={presenter.on ? 'teal' : 'gray'}
          aria-label={t('top.presenter')}
          aria-pressed={presenter.on}
          onClick={() => presenter.setOn(!presenter.on)}
        >
          <Presentation size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
      <PersonMenu />
    </header>
  );
}

function ClassSwitcher() {
  const t = useTranslations('common.top');
  const navigate = useNavigate();
  const { cohort } = useFilters();
  const { data } = useAllCohorts();
  return (
    <NativeSelect
      size="xs"
      aria-label={t('class')}
      value={cohort ?? ''}
      onChange={(event) => {
        const chosen = event.currentTarget.value;
        void navigate({
          to: '.',
          search: (previous) => ({ ...previous, cohort: chosen === '' ? undefined : chosen }),
        });
      }}
      data={[
        { value: '', label: t('allClasses') },
        ...(data?.data ?? []).map(({ id, name }) => ({ value: id, label: name })),
      ]}
    />
  );
}

function RangeSwitcher() {
  const t = useTranslations('common');
  const navigate = useNavigate();
  const { range } = useFilters();
  return (
    <NativeSelect
      size="xs"
      aria-label={t('top.range')}
      value={range}
      onChange={(event) => {
        const chosen = RANGES.find((name) => name === event.currentTarget.value);
        void navigate({ to: '.', search: (previous) => ({ ...previous, range: chosen }) });
      }}
      data={RANGES.map((name) => ({ value: name, label: t(`range.${name}`) }))}
    />
  );
}

function PersonMenu() {
  const t = useTranslations('common.top');
  const me = useMe();
  const navigate = useNavigate();
  const { locale, setLocale } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t('account')}>
          <UserRound size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {me.user !== null && (
          <Menu.Label>
            {me.user.name}
            <br />
            {me.user.email}
          </Menu.Label>
        )}
        <Menu.Item onClick={() => void navigate({ to: '/account' })}>{t('yourSessions')}</Menu.Item>
        <Menu.Divider />
        <Menu.Label>{t('theme')}</Menu.Label>
        <Menu.RadioGroup
          value={colorScheme}
          onChange={(chosen) => setColorScheme(SCHEMES.find((scheme) => scheme === chosen) ?? 'auto')}
        >
          {SCHEMES.map((scheme) => (
            <Menu.RadioItem key={scheme} value={scheme} closeMenuOnClick>
              {t(scheme === 'light' ? 'themeLight' : scheme === 'dark' ? 'themeDark' : 'themeAuto')}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Label>{t('language')}</Menu.Label>
        <Menu.RadioGroup
          value={locale}
          onChange={(chosen) => setLocale(LOCALES.find((choice) => choice === chosen) ?? locale)}
        >
          {LOCALES.map((choice) => (
            <Menu.RadioItem key={choice} value={choice} lang={choice} closeMenuOnClick>
              {LANGUAGE_NAMES[choice]}
            </Menu.RadioItem>
          ))}
        </Menu.RadioGroup>
        <Menu.Divider />
        <Menu.Item onClick={() => void signOut()}>{t('signOut')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
