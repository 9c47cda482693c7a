/** The catalogue of events: what each means, its schema, and an example to copy. */
import { Accordion, SegmentedControl, Text } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import type { Item } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Page } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import { useEventName } from './event-names.tsx';
import { useEventTypes } from './event-type-select.tsx';
import { eventKey } from './event-types.ts';
import { TextBody } from './text-body.tsx';

const route = getRouteApi('/signed-in/event-types');

export function EventTypesPage() {
  const t = useTranslations('endpoints');
  const query = useEventTypes();
  const nameOf = useEventName();
  const { type } = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <Page
      title={t('types.title')}
      state={t('types.state')}
      actions={
        <ButtonLink to="/endpoints" variant="default">
          {t('title')}
        </ButtonLink>
      }
    >
      <Text mb="md" maw={760}>
        {t('types.about')}
      </Text>
      <Shown query={query} lines={12}>
        {({ data }) => (
          <Accordion
            variant="contained"
            chevronPosition="left"
            value={type ?? null}
            onChange={(value) =>
              void navigate({
                search: (previous) => ({ ...previous, type: value ?? undefined }),
                replace: true,
                resetScroll: false,
              })
            }
          >
            {data.map((entry) => (
              <Accordion.Item key={entry.type} value={entry.type}>
                <Accordion.Control>
                  <Text component="span" fw={600}>
                    {nameOf(entry.type)}
                  </Text>{' '}
                  <Text component="span" className="gw-mono" c="dimmed">
                    {entry.type}
                  </Text>
                  <Text size="sm" c="dimmed" component="span" display="block">
                    {t(`eventText.${eventKey(entry.type)}`)}
                  </Text>
                </Accordion.Control>
                <Accordion.Panel>{entry.type === type && <TypeDetails entry={entry} />}</Accordion.Panel>
              </Accordion.Item>
            ))}
          </Accordion>
        )}
      </Shown>
    </Page>
  );
}

function TypeDetails({ entry }: { entry: Item<'/api/v1/event-types'> }) {
  const t = useTranslations('endpoints.types');
  const [what, setWhat] = useState<'example' | 'schema'>('example');
  return (
    <>
      <SegmentedControl
        size="xs"
        mb="sm"
        aria-label={t('what')}
        value={what}
        onChange={(value) => setWhat(value === 'schema' ? 'schema' : 'example')}
        data={[
          { value: 'example', label: t('example') },
          { value: 'schema', label: t('schema') },
        ]}
      />
      <TextBody text={JSON.stringify(entry[what])} label={t(what)} />
    </>
  );
}
