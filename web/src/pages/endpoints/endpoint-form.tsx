/** Everything that can be said of an endpoint: used when one is made and when it is changed. */
import { Accordion, Button, Fieldset, Group, NumberInput, Radio, Stack, Switch, Text, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslations } from 'use-intl';
import { Refusal } from '../../parts/refusal.tsx';
import { AuthFields } from './auth-fields.tsx';
import { BodyPreview } from './body-preview.tsx';
import { kindOfChoice } from './choices.ts';
import { type EndpointDraft, fieldErrors, missingFields } from './endpoint-draft.ts';
import { EventTypeFields } from './event-type-fields.tsx';
import { FilterFields } from './filter-fields.tsx';
import { EmailFields, HubspotField, WebhookFields, XapiFields } from './kind-fields.tsx';

const PERSONAL = ['full', 'pseudonym', 'none'] as const;

/** What each group of fields gets. */
export interface FormFields {
  draft: EndpointDraft;
  change(change: Partial<EndpointDraft>): void;
  /** A sentence where a field is wrong. */
  errorOf(path: string): string | undefined;
  /** Paths in `config` of secrets that are kept already. */
  secretsSet: readonly string[];
}

export function EndpointForm(props: {
  initial: EndpointDraft;
  /** Of an endpoint that exists. */
  existing?: { id: string; secretsSet: readonly string[] };
  error: unknown;
  busy: boolean;
  submit: string;
  /** Beside the submit button. */
  actions?: ReactNode;
  onSubmit(draft: EndpointDraft): void;
}) {
  const t = useTranslations('endpoints.form');
  const [draft, setDraft] = useState(props.initial);
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const kind = kindOfChoice(draft.choice);
  const known = props.existing?.secretsSet ?? [];
  const missing = tried ? missingFields(draft, known) : new Set<string>();
  const refused = fieldErrors(props.error);
  const errorOf = (path: string) => (missing.has(path) ? t('missing') : refused[path]);
  const fields: FormFields = {
    draft,
    change: (change) => setDraft((before) => ({ ...before, ...change })),
    errorOf,
    secretsSet: known,
  };

  function submit(event: FormEvent) {
    event.preventDefault();
    if (missingFields(draft, known).size > 0) {
      // The fields must bear their errors before the first of them can be found.
      flushSync(() => setTried(true));
      form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"], input[data-invalid]')?.focus();
      return;
    }
    props.onSubmit(draft);
  }

  return (
    <form ref={form} onSubmit={submit} noValidate aria-label={t('label')}>
      <Stack gap="lg" maw={720}>
        <Refusal error={props.error} />
        {kind === 'email' ? (
          draft.choice === 'staff' && (
            <TextInput
              label={t('to')}
              description={t('toHint')}
              type="email"
              value={draft.to}
              onChange={(event) => fields.change({ to: event.currentTarget.value })}
              error={errorOf('to')}
              required
              withAsterisk={false}
              aria-invalid={errorOf('to') !== undefined}
            />
          )
        ) : (
          <TextInput
            label={t(kind === 'xapi' ? 'lrsUrl' : 'url')}
            description={t(`urlHint.${draft.choice as UrlChoice}`)}
            type="url"
            inputMode="url"
            placeholder="https://"
            value={draft.url}
            onChange={(event) => fields.change({ url: event.currentTarget.value })}
            error={errorOf('url')}
            required
            withAsterisk={false}
            spellCheck={false}
            aria-invalid={errorOf('url') !== undefined}
          />
        )}
        {draft.choice === 'learner' && <Text size="sm">{t('learnerRules')}</Text>}
        <TextInput
          label={t('description')}
          description={t('descriptionHint')}
          value={draft.description}
          onChange={(event) => fields.change({ description: event.currentTarget.value })}
          error={errorOf('description')}
        />
        {draft.choice === 'hubspot' && <HubspotField {...fields} />}
        {kind === 'webhook' && <AuthFields {...fields} types={['none', 'basic', 'bearer', 'oauth2']} />}
        {kind === 'xapi' && <AuthFields {...fields} types={['basic', 'bearer', 'none']} />}
        <EventTypeFields {...fields} />
        {draft.choice !== 'learner' && (
          <Radio.Group
            label={t('personal')}
            description={t('personalHint')}
            value={draft.personalData}
            onChange={(value) => {
              const chosen = PERSONAL.find((name) => name === value);
              if (chosen !== undefined) fields.change({ personalData: chosen });
            }}
            error={errorOf('personalData')}
          >
            <Stack gap="sm" mt="xs">
              {PERSONAL.map((name) => (
                <Radio
                  key={name}
                  value={name}
                  label={t(`personalOf.${name}.name`)}
                  description={t(`personalOf.${name}.text`)}
                />
              ))}
            </Stack>
          </Radio.Group>
        )}
        <Accordion variant="contained" multiple chevronPosition="left">
          <Accordion.Item value="filter">
            <Accordion.Control>{t('filter')}</Accordion.Control>
            <Accordion.Panel>
              <FilterFields {...fields} />
            </Accordion.Panel>
          </Accordion.Item>
          <Accordion.Item value="kind">
            <Accordion.Control>{t(`more.${kind}`)}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">
                {kind === 'webhook' && <WebhookFields {...fields} />}
                {kind === 'xapi' && <XapiFields {...fields} />}
                {kind === 'email' && <EmailFields {...fields} />}
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
          <Accordion.Item value="pace">
            <Accordion.Control>{t('pace')}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">
                <NumberInput
                  label={t('rate')}
                  description={t('rateHint')}
                  value={draft.perSecond ?? ''}
                  onChange={(value) => fields.change({ perSecond: typeof value === 'number' ? value : null })}
                  min={0.01}
                  max={10_000}
                  error={errorOf('rateLimit/perSecond') ?? errorOf('rateLimit')}
                />
                <Switch
                  label={t('ordered')}
                  description={t('orderedHint')}
                  checked={draft.ordered}
                  onChange={(event) => fields.change({ ordered: event.currentTarget.checked })}
                />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Fieldset legend={t('preview')}>
          <BodyPreview draft={draft} endpoint={props.existing?.id} />
        </Fieldset>
        <Group>
          <Button type="submit" loading={props.busy}>
            {props.submit}
          </Button>
          {props.actions}
        </Group>
      </Stack>
    </form>
  );
}

type UrlChoice = 'zapier' | 'slack' | 'hubspot' | 'salesforce' | 'webhook' | 'xapi';
