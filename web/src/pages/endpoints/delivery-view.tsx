/** One delivery: how it stands, what can be done about it, and request and response of every try. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { EyeOff, RotateCcw, SkipForward } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { refresh } from '../../api/refresh.ts';
import type { Answer } from '../../api/types.ts';
import { Copyable } from '../../parts/copy.tsx';
import { Moment, TestMark } from '../../parts/figures.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Shown } from '../../parts/states.tsx';
import { usePresenter } from '../../shell/presenter.tsx';
import { HeadersTable } from '../receipts/headers-table.tsx';
import facts from '../sources/sources.module.css';
import { DeliveryAbout } from './delivery-about.tsx';
import { DeliveryMark } from './endpoint-marks.tsx';
import classes from './endpoints.module.css';
import { EventWords } from './event-words.tsx';
import { whileOnTheWay } from './log-refresh.ts';
import { TextBody } from './text-body.tsx';
import { TryResult } from './try-result.tsx';

type WholeDelivery = Answer<'/api/v1/deliveries/{id}'>;

export function DeliveryView({ id }: { id: string }) {
  const query = $api.useQuery(
    'get',
    '/api/v1/deliveries/{id}',
    { params: { path: { id } } },
    { refetchInterval: ({ state }) => (state.data === undefined ? false : whileOnTheWay([state.data])) },
  );
  return <Shown query={query}>{(delivery) => <Delivery delivery={delivery} />}</Shown>;
}

function Delivery({ delivery }: { delivery: WholeDelivery }) {
  const t = useTranslations('endpoints.delivery');
  return (
    <>
      <Group gap="md" mb="sm">
        <DeliveryMark status={delivery.status} tries={delivery.tries} />
        <TestMark test={delivery.test} />
      </Group>
      <Text size="sm" mb="sm">
        <DeliverySentence delivery={delivery} />
      </Text>
      <ByHand delivery={delivery} />
      <dl className={facts.facts} style={{ margin: '16px 0 24px' }}>
        <dt>{t('type')}</dt>
        <dd>
          <EventWords type={delivery.eventType} />
        </dd>
        <dt>{t('about')}</dt>
        <dd>
          <DeliveryAbout delivery={delivery} />
        </dd>
        <dt>{t('planned')}</dt>
        <dd>
          <Moment at={delivery.createdAt} />
        </dd>
        <dt>{t('event')}</dt>
        <dd>
          <Copyable text={delivery.eventId} label={t('event')} />
        </dd>
        <dt>{t('id')}</dt>
        <dd>
          <Copyable text={delivery.id} label={t('id')} />
        </dd>
      </dl>
      <Tries delivery={delivery} />
    </>
  );
}

function DeliverySentence({ delivery }: { delivery: WholeDelivery }) {
  const t = useTranslations('endpoints.delivery');
  if (delivery.detail !== null) return <span lang="en">{delivery.detail}</span>;
  if (delivery.status !== 'pending') return t(`now.${delivery.status}`);
  if (delivery.nextAttemptAt === null) return t('now.held');
  return delivery.tries === 0
    ? t('now.pending')
    : t.rich('now.retrying', { time: () => <Moment at={delivery.nextAttemptAt} /> });
}

/** Retry and skip. */
function ByHand({ delivery }: { delivery: WholeDelivery }) {
  const t = useTranslations('endpoints.delivery');
  const queries = useQueryClient();
  const retry = $api.useMutation('post', '/api/v1/deliveries/{id}/retry');
  const skip = $api.useMutation('post', '/api/v1/deliveries/{id}/skip');
  const act = (mutation: typeof retry | typeof skip, message: string) =>
    mutation.mutate(
      { params: { path: { id: delivery.id } } },
      {
        onSuccess() {
          notifications.show({ message });
          refresh(queries, '/api/v1/deliveries');
          refresh(queries, '/api/v1/endpoints');
        },
      },
    );
  return (
    <>
      <Refusal error={retry.error ?? skip.error} />
      <Group gap="sm">
        <Button
          size="xs"
          variant="default"
          leftSection={<RotateCcw size={14} aria-hidden />}
          loading={retry.isPending}
          onClick={() => act(retry, t('retried'))}
        >
          {t(delivery.status === 'succeeded' ? 'again' : 'retry')}
        </Button>
        {delivery.status === 'pending' && (
          <Button
            size="xs"
            variant="default"
            leftSection={<SkipForward size={14} aria-hidden />}
            loading={skip.isPending}
            onClick={() => act(skip, t('skipped'))}
          >
            {t('skip')}
          </Button>
        )}
      </Group>
    </>
  );
}

function Tries({ delivery }: { delivery: WholeDelivery }) {
  const t = useTranslations('endpoints.delivery');
  const presenter = usePresenter();
  return (
    <>
      {presenter.on && (
        <Alert color="gray" icon={<EyeOff size={18} aria-hidden />} py="sm" mb="md">
          {t('hidden')}
        </Alert>
      )}
      {!presenter.on && delivery.requestBody !== null && (
        <div className={classes.request}>
          <Text size="sm" fw={600}>
            {t('requestBody')}
          </Text>
          <TextBody text={delivery.requestBody} label={t('requestBody')} />
        </div>
      )}
      {/* The last try is what one came for. */}
      {delivery.attempts.toReversed().map((one, index) => (
        <section
          key={one.at}
          className={classes.try}
          aria-label={t('try', { number: delivery.attempts.length - index })}
        >
          <Text fw={600}>{t('try', { number: delivery.attempts.length - index })}</Text>
          <Text size="sm" component="div" mb="xs">
            <TryResult attempt={one} /> · <Moment at={one.at} />
          </Text>
          {!presenter.on && (
            <>
              <Text size="sm" fw={600} mt="sm">
                {t('response')}
              </Text>
              {one.responseBody === null || one.responseBody === '' ? (
                <Text size="sm" c="dimmed">
                  {t('noResponse')}
                </Text>
              ) : (
                <TextBody
                  text={one.responseBody}
                  label={t('responseOf', { number: delivery.attempts.length - index })}
                />
              )}
              {Object.keys(one.requestHeaders).length > 0 && (
                <>
                  <Text size="sm" fw={600} mt="sm">
                    {t('request')}
                  </Text>
                  <HeadersTable
                    headers={one.requestHeaders}
                    label={t('requestOf', { number: delivery.attempts.length - index })}
                  />
                </>
              )}
            </>
          )}
        </section>
      ))}
    </>
  );
}
