/** Which events go out: all, or those that are ticked. */
import { Checkbox, Radio, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { TextLink } from '../../parts/text-link.tsx';
import type { FormFields } from './endpoint-form.tsx';
import classes from './endpoints.module.css';
import { EventWords } from './event-words.tsx';

export function EventTypeFields({ draft, change, errorOf }: FormFields) {
  const t = useTranslations('endpoints.form');
  const catalogue = $api.useQuery('get', '/api/v1/event-types', {}, { staleTime: Number.POSITIVE_INFINITY });
  const [some, setSome] = useState(draft.eventTypes.length > 0);
  const types = catalogue.data?.data.map(({ type }) => type) ?? draft.eventTypes;
  return (
    <div>
      <Radio.Group
        label={t('events')}
        value={some ? 'some' : 'all'}
        onChange={(value) => {
          setSome(value === 'some');
          if (value === 'all') change({ eventTypes: [] });
        }}
      >
        <Stack gap="sm" mt="xs">
          <Radio value="all" label={t('eventsAll')} description={t('eventsAllText')} />
          <Radio value="some" label={t('eventsSome')} />
        </Stack>
      </Radio.Group>
      {some && (
        <Checkbox.Group
          aria-label={t('eventsSome')}
          value={draft.eventTypes}
          onChange={(chosen) => change({ eventTypes: types.filter((type) => chosen.includes(type)) })}
          error={errorOf('eventTypes')}
          mt="sm"
          pl={32}
        >
          <div className={classes.types}>
            {types.map((type) => (
              <Checkbox key={type} value={type} label={<EventWords type={type} />} />
            ))}
          </div>
          {draft.eventTypes.length === 0 && (
            <Text size="sm" mt="xs">
              {t('eventsNone')}
            </Text>
          )}
        </Checkbox.Group>
      )}
      <Text size="sm" mt="xs">
        <TextLink to="/event-types" size="sm" underline="always">
          {t('eventsMore')}
        </TextLink>
      </Text>
    </div>
  );
}
