/** One's own sessions, language and appearance. */
import { Button, Group, SegmentedControl, Stack, Text, useMantineColorScheme } from '@mantine/core';
import { LogOut } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../i18n/language.tsx';
import { LOCALES } from '../../i18n/locale.ts';
import { Page, Section } from '../../parts/page.tsx';
import { useMe } from '../../shell/session.ts';
import { signOut } from '../../shell/sign-out.ts';
import { Password } from './password.tsx';
import { Sessions } from './sessions.tsx';

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' } as const;

export function AccountPage() {
  const t = useTranslations('settings');
  const top = useTranslations('common.top');
  const me = useMe();
  const { locale, setLocale } = useLanguage();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  return (
    <Page
      title={top('account')}
      state={me.user === null ? t('account.byKey') : `${me.user.name} · ${me.user.email} · ${t(`role.${me.role}`)}`}
      actions={
        <Button variant="default" leftSection={<LogOut size={16} aria-hidden />} onClick={() => void signOut()}>
          {top('signOut')}
        </Button>
      }
    >
      <Sessions />
      {me.user !== null && <Password />}
      <Section title={t('account.appearance')}>
        <Group gap="xl" align="flex-start">
          <Stack gap={4}>
            <Text size="sm" fw={600} id="account-language">
              {top('language')}
            </Text>
            <SegmentedControl
              aria-labelledby="account-language"
              value={locale}
              onChange={(value) => setLocale(LOCALES.find((name) => name === value) ?? 'en')}
              data={LOCALES.map((value) => ({ value, label: LANGUAGE_NAMES[value] }))}
            />
          </Stack>
          <Stack gap={4}>
            <Text size="sm" fw={600} id="account-theme">
              {top('theme')}
            </Text>
            <SegmentedControl
              aria-labelledby="account-theme"
              value={colorScheme}
              onChange={(value) => setColorScheme(value === 'light' || value === 'dark' ? value : 'auto')}
              data={[
                { value: 'light', label: top('themeLight') },
                { value: 'dark', label: top('themeDark') },
                { value: 'auto', label: top('themeAuto') },
              ]}
            />
          </Stack>
        </Group>
      </Section>
    </Page>
  );
}
