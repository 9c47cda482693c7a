/** Finds who else is the same person, then asks which one is kept. */
import { Modal, Stack, Text, TextInput, UnstyledButton } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { useLearnerName, usePresenter } from '../../shell/presenter.tsx';
import classes from './merge.module.css';
import { MergeChoice } from './merge-choice.tsx';

type Learner = Answer<'/api/v1/learners/{id}'>;

const PAUSE_MS = 200;
const FOUND = 8;

export function MergeWithDialog(props: { learner: Learner; onClose(): void; onMerged(kept: Learner): void }) {
  const t = useTranslations('learners.merge');
  const provider = useTranslations('common.provider');
  const nameOf = useLearnerName();
  const { on: presenting } = usePresenter();
  const [other, setOther] = useState<Learner | null>(null);
  const [text, setText] = useState('');
  const [search] = useDebouncedValue(text.trim(), PAUSE_MS);
  const found = $api.useQuery(
    'get',
    '/api/v1/learners',
    { params: { query: { search, limit: FOUND + 1 } } },
    { enabled: search !== '', placeholderData: (previous) => previous },
  );
  const others = (found.data?.data ?? []).filter(({ id }) => id !== props.learner.id).slice(0, FOUND);
  return (
    <Modal opened onClose={props.onClose} returnFocus={false} title={t('title')} size="lg">
      {other === null ? (
        <Stack gap="sm">
          <TextInput
            type="search"
            label={t('with', { name: nameOf(props.learner) })}
            placeholder={t('search')}
            value={text}
            data-autofocus
            onChange={(event) => setText(event.currentTarget.value)}
          />
          <div role="status">
            {search !== '' && found.isSuccess && others.length === 0 && <Text c="dimmed">{t('nobody')}</Text>}
          </div>
          {search !== '' && (
            <ul className={classes.found}>
              {others.map((learner) => (
                <li key={learner.id}>
                  <UnstyledButton className={classes.choice} onClick={() => setOther(learner)}>
                    {nameOf(learner)}
                    <Text size="sm" c="dimmed" component="span">
                      {[
                        ...(learner.email === null || presenting ? [] : [learner.email]),
                        ...learner.identities.map((one) => provider(one.provider)),
                      ].join(' · ')}
                    </Text>
                  </UnstyledButton>
                </li>
              ))}
            </ul>
          )}
        </Stack>
      ) : (
        <MergeChoice
          pair={[props.learner, other]}
          onCancel={() => setOther(null)}
          onMerged={(kept) => {
            props.onClose();
            props.onMerged(kept);
          }}
        />
      )}
    </Modal>
  );
}
