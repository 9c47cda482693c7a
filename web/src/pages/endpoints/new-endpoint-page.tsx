/** Adding an endpoint: what is to be connected, where and what, then its secret and a test. */
import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { CircleCheck } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Page, Section } from '../../parts/page.tsx';
import { Shown } from '../../parts/states.tsx';
import classes from '../sources/sources.module.css';
import { ChooseStep } from './choose-step.tsx';
import { type Endpoint, emptyDraft, toNewEndpoint } from './endpoint-draft.ts';
import { EndpointForm } from './endpoint-form.tsx';
import { useEndpointName } from './endpoint-marks.tsx';
import { SecretPanel } from './secret-panel.tsx';
import { SendTest } from './send-test.tsx';

const route = getRouteApi('/signed-in/endpoints/new');
const STEPS = ['choose', 'details', 'test'] as const;

export function NewEndpointPage() {
  const t = useTranslations('endpoints');
  const { choice, made: id } = route.useSearch();
  const navigate = route.useNavigate();
  const queries = useQueryClient();
  const make = $api.useMutation('post', '/api/v1/endpoints');
  const made = $api.useQuery(
    'get',
    '/api/v1/endpoints/{id}',
    { params: { path: { id: id ?? '' } } },
    { enabled: id !== undefined },
  );
  const step = id !== undefined ? 'test' : choice !== undefined ? 'details' : 'choose';

  // The next step is where one reads on; the first load leaves the focus where it is.
  const heading = useRef<HTMLHeadingElement>(null);
  const before = useRef(step);
  useEffect(() => {
    if (before.current !== step) heading.current?.focus();
    before.current = step;
  }, [step]);

  return (
    <Page title={t('new.title')} state={t('new.state')}>
      <ol className={classes.steps} aria-label={t('new.steps')}>
        {STEPS.map((name, index) => (
          <li key={name} {...(name === step ? { 'aria-current': 'step' as const } : {})}>
            {index + 1}. {t(`new.step.${name}`)}
          </li>
        ))}
      </ol>
      <Title order={2} mb="md" ref={heading} tabIndex={-1} className={classes.heading ?? ''}>
        {step === 'details' && choice !== undefined ? t(`choice.${choice}.name`) : t(`new.step.${step}`)}
      </Title>
      {step === 'choose' && (
        <ChooseStep
          initial={choice}
          onChosen={(chosen) => void navigate({ search: (previous) => ({ ...previous, choice: chosen }) })}
        />
      )}
      {step === 'details' && choice !== undefined && (
        <>
          <Text mb="lg" maw={720}>
            {t(`choice.${choice}.how`)}
          </Text>
          <EndpointForm
            key={choice}
            initial={emptyDraft(choice)}
            error={make.error}
            busy={make.isPending}
            submit={t('new.submit')}
            actions={
              <Button
                variant="default"
                onClick={() => void navigate({ search: (previous) => ({ ...previous, choice: undefined }) })}
              >
                {t('new.back')}
              </Button>
            }
            onSubmit={(draft) =>
              make.mutate(
                { body: toNewEndpoint(draft) },
                {
                  onSuccess(endpoint) {
                    refresh(queries, '/api/v1/endpoints');
                    void navigate({
                      search: (previous) => ({ ...previous, choice: undefined, made: endpoint.id }),
                      replace: true,
                    });
                  },
                },
              )
            }
          />
        </>
      )}
      {step === 'test' && (
        <Shown query={made}>{(endpoint) => <Made endpoint={endpoint} secret={make.data?.secret} />}</Shown>
      )}
    </Page>
  );
}

function Made({ endpoint, secret }: { endpoint: Endpoint; secret: string | undefined }) {
  const t = useTranslations('endpoints');
  const nameOf = useEndpointName();
  return (
    <Stack gap="lg" maw={860}>
      <Alert color="green" variant="light" icon={<CircleCheck size={18} aria-hidden />} role="status" py="sm">
        {t('new.made', { name: nameOf(endpoint) })}
      </Alert>
      {endpoint.kind === 'webhook' && (
        <Section title={t('secret.title')}>
          <SecretPanel endpoint={endpoint} known={secret} />
        </Section>
      )}
      <Section title={t('test.title')}>
        <SendTest endpoint={endpoint} />
      </Section>
      <Group>
        <ButtonLink to="/endpoints/$id" params={{ id: endpoint.id }}>
          {t('new.open')}
        </ButtonLink>
        <ButtonLink to="/endpoints" variant="default">
          {t('new.all')}
        </ButtonLink>
      </Group>
    </Stack>
  );
}
