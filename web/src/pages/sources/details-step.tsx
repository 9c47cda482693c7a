/** The second step: what the platform shows, or takes from us. */
import { Accordion, Button, Group, Stack } from '@mantine/core';
import { type FormEvent, useRef, useState } from 'react';
import { flushSync } from 'react-dom';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Source } from '../../api/types.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { IdentityFields, LimitFields, NameField } from './common-fields.tsx';
import { isComplete, PlatformFields } from './platform-fields.tsx';
import type { Provider } from './providers.ts';
import { emptyDraft, fieldErrors, type SourceDraft, toNewSource } from './source-draft.ts';

/** `onMade` also gets what was typed: secrets never come back from the server. */
export function DetailsStep(props: {
  provider: Provider;
  onBack(): void;
  onMade(source: Source, draft: SourceDraft): void;
}) {
  const t = useTranslations('sources');
  const { provider } = props;
  const [draft, setDraft] = useState(() => emptyDraft(provider));
  const [tried, setTried] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const make = $api.useMutation('post', '/api/v1/sources');
  const errors = fieldErrors(make.error);
  const fields = { draft, errors, change: (change: Partial<SourceDraft>) => setDraft({ ...draft, ...change }) };

  function submit(event: FormEvent) {
    event.preventDefault();
    if (!isComplete(provider, draft)) {
      // The fields must bear their errors before the first of them can be found.
      flushSync(() => setTried(true));
      // Password fields are marked in another way than the rest.
      form.current?.querySelector<HTMLInputElement>('[aria-invalid="true"], input[data-invalid]')?.focus();
      return;
    }
    make.mutate({ body: toNewSource(provider, draft) }, { onSuccess: (source) => props.onMade(source, draft) });
  }

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack gap="md" maw={640}>
        {make.error !== null && Object.keys(errors).length === 0 && <Refusal error={make.error} />}
        <PlatformFields {...fields} provider={provider} tried={tried} />
        <NameField {...fields} provider={provider} />
        <Accordion variant="contained" chevronPosition="left">
          <Accordion.Item value="more">
            <Accordion.Control>{t('new.more')}</Accordion.Control>
            <Accordion.Panel>
              <Stack gap="md">
                {provider !== 'instruqt' && <IdentityFields {...fields} />}
                <LimitFields {...fields} />
              </Stack>
            </Accordion.Panel>
          </Accordion.Item>
        </Accordion>
        <Group>
          <Button variant="default" onClick={props.onBack}>
            {t('new.back')}
          </Button>
          <Button type="submit" loading={make.isPending}>
            {t('new.make')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
