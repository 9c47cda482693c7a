/** The classes a person is in: each is put in or taken out at once. */
import { Button, Checkbox, Group, Modal, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useTranslations } from 'use-intl';
import { useAllCohorts } from '../../api/cohorts.ts';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { ButtonLink } from '../../parts/button-link.tsx';
import { Refusal } from '../../parts/refusal.tsx';
import { Shown } from '../../parts/states.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';

export function ClassesDialog(props: { learner: Answer<'/api/v1/learners/{id}'>; onClose(): void }) {
  const t = useTranslations('learners.classesDialog');
  const figure = useTranslations('common.figure');
  const nameOf = useLearnerName();
  const queries = useQueryClient();
  const { learner } = props;
  const cohorts = useAllCohorts();
  const put = $api.useMutation('post', '/api/v1/cohorts/{id}/members');
  const take = $api.useMutation('delete', '/api/v1/cohorts/{id}/members/{learnerId}');
  const done = { onSettled: () => void queries.invalidateQueries() };
  return (
    <Modal opened onClose={props.onClose} returnFocus={false} title={t('title', { name: nameOf(learner) })}>
      <Shown query={cohorts}>
        {({ data }) =>
          data.length === 0 ? (
            <Stack align="flex-start">
              <Text>{t('none')}</Text>
              <ButtonLink to="/classes">{t('make')}</ButtonLink>
            </Stack>
          ) : (
            <Stack gap="sm">
              {data.map((cohort) => (
                <Checkbox
                  key={cohort.id}
                  label={cohort.name}
                  {...(cohort.rule === null ? {} : { description: t('ruled') })}
                  checked={learner.cohorts.includes(cohort.id)}
                  onChange={(event) =>
                    event.currentTarget.checked
                      ? put.mutate({ params: { path: { id: cohort.id } }, body: { learners: [learner.id] } }, done)
                      : take.mutate({ params: { path: { id: cohort.id, learnerId: learner.id } } }, done)
                  }
                />
              ))}
              <Text size="sm" c="dimmed">
                {t('help')}
              </Text>
            </Stack>
          )
        }
      </Shown>
      <Refusal error={put.error ?? take.error} />
      <Group justify="flex-end" mt="md">
        <Button variant="default" onClick={props.onClose}>
          {figure('close')}
        </Button>
      </Group>
    </Modal>
  );
}
