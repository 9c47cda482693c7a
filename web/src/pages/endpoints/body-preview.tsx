/** The body that would be sent of an example event, made by the server as it makes real ones. */
import { Group, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { api, unwrap } from '../../api/client.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { Shown } from '../../parts/states.tsx';
import { kindOfChoice } from './choices.ts';
import { configOf, type EndpointDraft } from './endpoint-draft.ts';
import { EventTypeSelect } from './event-type-select.tsx';
import type { EventType } from './event-types.ts';
import { TextBody } from './text-body.tsx';

/** Waits for a pause in typing before it asks. */
const PAUSE_MS = 400;

/** Of what stands in the form. `endpoint`: its secrets that were not typed anew are taken from there. */
export function BodyPreview(props: { draft: EndpointDraft; endpoint: string | undefined }) {
  const t = useTranslations('endpoints.preview');
  const { draft } = props;
  const [type, setType] = useState<EventType>(draft.eventTypes[0] ?? 'attempt.completed');
  const [asked] = useDebouncedValue(
    JSON.stringify({
      kind: kindOfChoice(draft.choice),
      url: draft.url.trim(),
      to: draft.to.trim(),
      config: configOf(draft),
      personalData: draft.personalData,
    }),
    PAUSE_MS,
  );
  return (
    <>
      <Group align="flex-end" mb="sm">
        <EventTypeSelect label={t('of')} value={type} onChange={setType} />
      </Group>
      <ExampleBody asked={asked} type={type} endpoint={props.endpoint} />
      <Text size="sm" c="dimmed" mt="xs">
        {t('note')}
      </Text>
    </>
  );
}

/** `asked`: the settings as JSON, which keeps the question the same as long as they are; empty: as the endpoint is stored. */
export function ExampleBody(props: { asked: string; type: EventType; endpoint: string | undefined }) {
  const t = useTranslations('endpoints.preview');
  const { asked, type, endpoint } = props;
  const query = useQuery({
    queryKey: ['endpoint-preview', endpoint, asked, type],
    queryFn: () => {
      const settings = asked === '' ? {} : (JSON.parse(asked) as { kind: 'webhook'; url: string; to: string });
      const { url, to, ...rest } = { url: '', to: '', ...settings };
      return unwrap(
        api.POST('/api/v1/endpoints/preview', {
          body: {
            ...rest,
            ...(url === '' ? {} : { url }),
            ...(to === '' ? {} : { to }),
            ...(endpoint === undefined ? {} : { endpoint }),
            eventType: type,
          },
        }),
      );
    },
    retry: false,
    placeholderData: (previous) => previous,
  });
  // A template that is half written fails: that is said where the body would stand.
  if (query.error !== null) return <Refusal error={query.error} />;
  return (
    <Shown query={query} lines={3}>
      {({ body }) => <TextBody text={body} label={t('body')} />}
    </Shown>
  );
}
