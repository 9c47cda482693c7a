/** Which of two people is kept when they are made one, and what happens then. */
import { Button, Group, Radio, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { Refusal } from '../../parts/refusal.tsx';
import { useLearnerName, usePresenter } from '../../shell/presenter.tsx';

type Learner = Answer<'/api/v1/learners/{id}'>;

export function MergeChoice(props: {
  pair: readonly [Learner, Learner];
  onCancel(): void;
  onMerged(kept: Learner): void;
}) {
  const t = useTranslations('learners.merge');
  const figure = useTranslations('common.figure');
  const provider = useTranslations('common.provider');
  const nameOf = useLearnerName();
  const { on: presenting } = usePresenter();
  const queries = useQueryClient();
  const [a, b] = props.pair;
  // Whoever has a name and more identities is more likely the one that people know.
  const weight = (learner: Learner) => (learner.name === null ? 0 : 100) + learner.identities.length;
  const [keptId, setKeptId] = useState((weight(b) > weight(a) ? b : a).id);
  const [kept, gone] = keptId === a.id ? [a, b] : [b, a];
  const merge = $api.useMutation('post', '/api/v1/learners/{id}/merge');
  return (
    <Stack gap="md">
      <Radio.Group label={t('which')} value={keptId} onChange={setKeptId}>
        <Stack gap="sm" mt="xs">
          {[a, b].map((learner) => (
            <Radio
              key={learner.id}
              value={learner.id}
              label={nameOf(learner)}
              description={[
                ...(learner.email === null || presenting ? [] : [learner.email]),
                ...learner.identities.map((one) =>
                  presenting ? provider(one.provider) : `${provider(one.provider)} ${one.externalId}`,
                ),
              ].join(' · ')}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Text>{t('what', { gone: nameOf(gone), kept: nameOf(kept) })}</Text>
      <Refusal error={merge.error} />
      <Group justify="flex-end">
        <Button variant="default" onClick={props.onCancel}>
          {figure('cancel')}
        </Button>
        <Button
          loading={merge.isPending}
          onClick={() =>
            merge.mutate(
              { params: { path: { id: gone.id } }, body: { into: kept.id } },
              {
                onSuccess: async (learner) => {
                  notifications.show({ message: t('done', { gone: nameOf(gone), kept: nameOf(kept) }) });
                  props.onMerged(learner);
                  await queries.invalidateQueries();
                },
              },
            )
          }
        >
          {t('merge', { name: nameOf(kept) })}
        </Button>
      </Group>
    </Stack>
  );
}
