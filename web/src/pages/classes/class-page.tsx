/** One class: its members and how they came in, its rule, and what can be changed. */
import { Button, Group, Modal, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Focus, Pencil, Trash2, UserPlus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Page } from '../../parts/page.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Shown } from '../../parts/states.tsx';
import { useFilters } from '../../shell/filters.ts';
import { useMe } from '../../shell/session.ts';
import { AddMembers } from './add-members.tsx';
import { ClassForm } from './class-form.tsx';
import { ClassMembers } from './class-members.tsx';
import { useRuleWords } from './rule-words.ts';

type Cohort = Answer<'/api/v1/cohorts/{id}'>;

const route = getRouteApi('/signed-in/classes/$id');

export function ClassPage() {
  const { id } = route.useParams();
  const query = $api.useQuery('get', '/api/v1/cohorts/{id}', { params: { path: { id } } });
  return <Shown query={query}>{(cohort) => <OneClass cohort={cohort} />}</Shown>;
}

function OneClass({ cohort }: { cohort: Cohort }) {
  const t = useTranslations('classes.one');
  const rules = useTranslations('classes.rule');
  const ruleWords = useRuleWords([cohort.rule]);
  const admin = useMe().role === 'admin';
  const [open, setOpen] = useState<'edit' | 'add' | 'delete' | null>(null);
  const close = () => setOpen(null);
  return (
    <Page
      title={cohort.name}
      state={
        <>
          {t('members', { count: cohort.members })}
          {cohort.rule !== null && ` · ${rules('everybody', { conditions: ruleWords(cohort.rule) })}`}
          {cohort.description !== null && <Text>{cohort.description}</Text>}
        </>
      }
      actions={
        <>
          <ButtonLink
            to="/learners"
            search={{ cohort: cohort.id }}
            variant="default"
            leftSection={<Focus size={16} aria-hidden />}
          >
            {t('narrow')}
          </ButtonLink>
          {admin && (
            <>
              <Button variant="default" leftSection={<Pencil size={16} aria-hidden />} onClick={() => setOpen('edit')}>
                {t('edit')}
              </Button>
              <Button
                variant="default"
                c="red"
                leftSection={<Trash2 size={16} aria-hidden />}
                onClick={() => setOpen('delete')}
              >
                {t('delete')}
              </Button>
              <Button leftSection={<UserPlus size={16} aria-hidden />} onClick={() => setOpen('add')}>
                {t('add')}
              </Button>
            </>
          )}
        </>
      }
    >
      <ClassMembers cohort={cohort} onAdd={() => setOpen('add')} />
      <ClassForm opened={open === 'edit'} cohort={cohort} onClose={close} />
      <AddMembers opened={open === 'add'} cohort={cohort} onClose={close} />
      <DeleteClass opened={open === 'delete'} cohort={cohort} onClose={close} />
    </Page>
  );
}

function DeleteClass({ opened, cohort, onClose }: { opened: boolean; cohort: Cohort; onClose(): void }) {
  const t = useTranslations('classes.delete');
  const figure = useTranslations('common.figure');
  const queries = useQueryClient();
  const navigate = useNavigate();
  const filters = useFilters();
  const remove = $api.useMutation('delete', '/api/v1/cohorts/{id}');
  return (
    <Modal opened={opened} onClose={onClose} title={t('title', { name: cohort.name })}>
      <Text mb="md">{t('what', { count: cohort.members })}</Text>
      <Refusal error={remove.error} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={onClose}>
          {figure('cancel')}
        </Button>
        <Button
          color="red"
          loading={remove.isPending}
          onClick={() =>
            remove.mutate(
              { params: { path: { id: cohort.id } } },
              {
                onSuccess: async () => {
                  notifications.show({ message: t('done', { name: cohort.name }) });
                  // Nothing can stay narrowed to a class that is gone.
                  await navigate({
                    to: '/classes',
                    search: filters.cohort === cohort.id ? { cohort: undefined } : {},
                  });
                  queries.removeQueries({
                    predicate: ({ queryKey }) => JSON.stringify(queryKey).includes(cohort.id),
                  });
                  await queries.invalidateQueries();
                },
              },
            )
          }
        >
          {t('delete')}
        </Button>
      </Group>
    </Modal>
  );
}
