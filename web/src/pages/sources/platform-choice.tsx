/** The first step: which platform. */
import { Box, Button, Group, Radio, Text } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import { PROVIDERS, type Provider } from './providers.ts';
import classes from './sources.module.css';

export function PlatformChoice(props: { initial: Provider | undefined; onChosen(provider: Provider): void }) {
  const t = useTranslations('sources');
  const title = useTranslations('common.provider');
  const [chosen, setChosen] = useState<Provider | undefined>(props.initial);
  const [tried, setTried] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (chosen !== undefined) props.onChosen(chosen);
  }

  return (
    <form onSubmit={submit}>
      <Radio.Group
        label={t('new.which')}
        value={chosen ?? null}
        onChange={(value) => setChosen(PROVIDERS.find((name) => name === value))}
        error={tried && chosen === undefined ? t('new.chooseOne') : undefined}
      >
        <div className={classes.choices} style={{ margin: '8px 0' }}>
          {PROVIDERS.map((provider) => (
            <Radio.Card key={provider} value={provider} className={classes.choice ?? ''} aria-label={title(provider)}>
              <Group wrap="nowrap" align="flex-start" gap="sm">
                <Radio.Indicator mt={2} />
                <Box>
                  <Text fw={600}>{title(provider)}</Text>
                  <Text size="sm" c="dimmed">
                    {t(`platform.${provider}.about`)}
                  </Text>
                </Box>
              </Group>
            </Radio.Card>
          ))}
        </div>
      </Radio.Group>
      <Button type="submit" mt="md">
        {t('new.next')}
      </Button>
    </form>
  );
}
