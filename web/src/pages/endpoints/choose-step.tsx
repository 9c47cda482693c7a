/** What somebody wants to connect, each with what it is for. */
import { Box, Button, Group, Radio, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { useTranslations } from 'use-intl';
import sourceClasses from '../sources/sources.module.css';
import { CHOICES, type Choice } from './choices.ts';

const GROUPS = [
  { name: 'tools', choices: ['zapier', 'slack', 'hubspot', 'salesforce'] },
  { name: 'own', choices: ['webhook', 'xapi'] },
  { name: 'mail', choices: ['staff', 'learner'] },
] as const;

export function ChooseStep(props: { initial: Choice | undefined; onChosen(choice: Choice): void }) {
  const t = useTranslations('endpoints');
  const [chosen, setChosen] = useState<Choice | undefined>(props.initial);
  const [tried, setTried] = useState(false);

  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (chosen !== undefined) props.onChosen(chosen);
  }

  return (
    <form onSubmit={submit}>
      <Radio.Group
        aria-label={t('new.which')}
        value={chosen ?? null}
        onChange={(value) => setChosen(CHOICES.find((name) => name === value))}
        error={tried && chosen === undefined ? t('new.chooseOne') : undefined}
      >
        {GROUPS.map((group) => (
          <Box key={group.name} mb="md">
            <Title order={3} size="h5" mb={6}>
              {t(`new.group.${group.name}`)}
            </Title>
            <div className={sourceClasses.choices}>
              {group.choices.map((choice) => (
                <Radio.Card
                  key={choice}
                  value={choice}
                  className={sourceClasses.choice ?? ''}
                  aria-label={t(`choice.${choice}.name`)}
                >
                  <Group wrap="nowrap" align="flex-start" gap="sm">
                    <Radio.Indicator mt={2} />
                    <Box>
                      <Text fw={600}>{t(`choice.${choice}.name`)}</Text>
                      <Text size="sm" c="dimmed">
                        {t(`choice.${choice}.about`)}
                      </Text>
                    </Box>
                  </Group>
                </Radio.Card>
              ))}
            </div>
          </Box>
        ))}
      </Radio.Group>
      <Button type="submit" mt="sm">
        {t('new.next')}
      </Button>
    </form>
  );
}
