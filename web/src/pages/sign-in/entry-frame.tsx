/** The frame of pages before signing in: one calm column, and the choice of language. */
import { Box, Stack, Text, Title, UnstyledButton } from '@mantine/core';
import { Activity } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { useTranslations } from 'use-intl';
import { useLanguage } from '../../i18n/language.tsx';
import { LOCALES } from '../../i18n/locale.ts';
import classes from './entry-frame.module.css';

const LANGUAGE_NAMES = { en: 'English', de: 'Deutsch' } as const;

export function EntryFrame(props: { title: string; lead?: ReactNode; children: ReactNode }) {
  const t = useTranslations('common');
  const { locale, setLocale } = useLanguage();
  useEffect(() => {
    document.title = `${props.title} · ${t('app')}`;
  }, [props.title, t]);
  return (
    <Box className={classes.ground}>
      <Box component="main" className={classes.column}>
        <Box className={classes.brand}>
          <Activity size={22} aria-hidden color="var(--gw-link)" />
          {t('app')}
        </Box>
        <Box className={classes.card}>
          <Stack gap="lg">
            <Box>
              <Title order={1}>{props.title}</Title>
              {props.lead !== undefined && (
                <Text c="dimmed" component="div" mt={4}>
                  {props.lead}
                </Text>
              )}
            </Box>
            {props.children}
          </Stack>
        </Box>
        <Box className={classes.languages} role="group" aria-label={t('top.language')}>
          {LOCALES.map((choice) => (
            <UnstyledButton
              key={choice}
              className={classes.language}
              lang={choice}
              aria-pressed={locale === choice}
              onClick={() => setLocale(choice)}
            >
              {LANGUAGE_NAMES[choice]}
            </UnstyledButton>
          ))}
        </Box>
      </Box>
    </Box>
  );
}
