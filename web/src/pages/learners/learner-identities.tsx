/** Who a learner is on which platform, in which classes, and who was merged into them. */
import { Button, Group, Modal, Table, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Fragment, useState } from 'react';
import { useTranslations } from 'use-intl';
import { useAllCohorts } from '../../api/cohorts.ts';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Moment } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useLearnerName, usePresenter } from '../../shell/presenter.tsx';
import { useMe } from '../../shell/session.ts';
import names from './learners.module.css';

type Learner = Answer<'/api/v1/learners/{id}'>;

export function LearnerIdentities({ learner }: { learner: Learner }) {
  const t = useTranslations('learners.one');
  const provider = useTranslations('common.provider');
  const figure = useTranslations('common.figure');
  const { on: presenting } = usePresenter();
  const cohorts = useAllCohorts();
  const nameOfClass = (id: string) => cohorts.data?.data.find((cohort) => cohort.id === id)?.name;
  const named = learner.cohorts.flatMap((id) => {
    const name = nameOfClass(id);
    return name === undefined ? [] : [{ id, name }];
  });
  return (
    <>
      <Section title={t('identities')} note={t('identitiesNote', { count: learner.identities.length })}>
        {learner.identities.length === 0 ? (
          <Text c="dimmed">{t('noIdentity')}</Text>
        ) : (
          <TableRegion label={t('identities')}>
            <Table maw={800}>
              <Table.Thead>
                <Table.Tr>
                  <Table.Th scope="col">{t('platform')}</Table.Th>
                  <Table.Th scope="col">{t('externalId')}</Table.Th>
                  <Table.Th scope="col">{t('realm')}</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {learner.identities.map((identity) => (
                  <Table.Tr key={`${identity.provider} ${identity.realm} ${identity.externalId}`}>
                    <Table.Th scope="row" fw={400}>
                      {provider(identity.provider)}
                    </Table.Th>
                    <Table.Td className="gw-mono">{presenting ? figure('none') : identity.externalId}</Table.Td>
                    <Table.Td className={identity.realm.startsWith('src_') ? undefined : 'gw-mono'}>
                      {identity.realm.startsWith('src_') ? t('ownSource') : identity.realm}
                    </Table.Td>
                  </Table.Tr>
                ))}
              </Table.Tbody>
            </Table>
          </TableRegion>
        )}
        <Text mt="sm" size="sm">
          {named.length === 0 ? (
            t('inNoClass')
          ) : (
            <>
              {t('inClasses')}:{' '}
              {named.map(({ id, name }, index) => (
                <Fragment key={id}>
                  {index > 0 && ', '}
                  <Link to="/classes/$id" params={{ id }} className={names.inline}>
                    {name}
                  </Link>
                </Fragment>
              ))}
            </>
          )}
        </Text>
      </Section>
      {learner.mergedFrom.length > 0 && <MergedFrom learner={learner} />}
    </>
  );
}

function MergedFrom({ learner }: { learner: Learner }) {
  const t = useTranslations('learners.one');
  const figure = useTranslations('common.figure');
  const { role } = useMe();
  const nameOf = useLearnerName();
  const queries = useQueryClient();
  const [asked, setAsked] = useState<Learner['mergedFrom'][number] | null>(null);
  const unmerge = $api.useMutation('post', '/api/v1/learners/{id}/unmerge');
  return (
    <Section title={t('mergedTitle')}>
      {learner.mergedFrom.map((merged) => (
        <Group key={merged.id} gap="md" py={4}>
          <Text>{nameOf(merged)}</Text>
          <Text size="sm" c="dimmed">
            {t.rich('mergedAt', { time: () => <Moment at={merged.at} /> })}
          </Text>
          {role === 'admin' && (
            <Button
              size="compact-sm"
              variant="default"
              className="gw-screen-only"
              aria-label={t('unmergeFor', { name: nameOf(merged) })}
              onClick={() => setAsked(merged)}
            >
              {t('unmerge')}
            </Button>
          )}
        </Group>
      ))}
      <Modal opened={asked !== null} onClose={() => setAsked(null)} title={t('unmerge')}>
        {asked !== null && (
          <>
            <Text mb="md">{t('unmergeText', { restored: nameOf(asked), kept: nameOf(learner) })}</Text>
            <Refusal error={unmerge.error} />
            <Group justify="flex-end" mt="md">
              <Button variant="default" onClick={() => setAsked(null)}>
                {figure('cancel')}
              </Button>
              <Button
                loading={unmerge.isPending}
                onClick={() =>
                  unmerge.mutate(
                    { params: { path: { id: learner.id } }, body: { learner: asked.id } },
                    {
                      onSuccess: async ({ restored }) => {
                        setAsked(null);
                        notifications.show({ message: t('unmerged', { restored: nameOf(restored) }) });
                        await queries.invalidateQueries();
                      },
                    },
                  )
                }
              >
                {t('unmerge')}
              </Button>
            </Group>
          </>
        )}
      </Modal>
    </Section>
  );
}
