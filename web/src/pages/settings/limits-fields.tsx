/** Role, and what goes with it: classes of an instructor, the learner of a learner. */
import { MultiSelect, Radio, Stack } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { useAllCohorts } from '../../api/cohorts.ts';
import { LearnerPicker } from './learner-picker.tsx';
import type { Limits } from './limits.ts';

type Role = 'admin' | 'instructor' | 'integration' | 'learner';

/** `tried`: it was sent already, so what is missing is said. */
export function LimitsFields<R extends Role>(props: {
  roles: readonly R[];
  value: Limits<R>;
  onChange(value: Limits<R>): void;
  tried: boolean;
}) {
  const t = useTranslations('settings');
  const { roles, value, onChange, tried } = props;
  const classes = useAllCohorts();
  return (
    <Stack gap="md">
      <Radio.Group
        label={t('limits.role')}
        value={value.role}
        onChange={(chosen) => {
          const role = roles.find((name) => name === chosen);
          if (role !== undefined) onChange({ ...value, role });
        }}
      >
        <Stack gap="sm" mt="xs">
          {roles.map((role: Role) => (
            <Radio key={role} value={role} label={t(`role.${role}`)} description={t(`roleText.${role}`)} />
          ))}
        </Stack>
      </Radio.Group>
      {value.role === 'instructor' && (
        <>
          <Radio.Group
            label={t('limits.sees')}
            value={value.cohorts === null ? 'all' : 'classes'}
            onChange={(chosen) => onChange({ ...value, cohorts: chosen === 'all' ? null : (value.cohorts ?? []) })}
          >
            <Stack gap="sm" mt="xs">
              <Radio value="all" label={t('limits.everyone')} />
              <Radio value="classes" label={t('limits.onlyClasses')} />
            </Stack>
          </Radio.Group>
          {value.cohorts !== null && (
            <MultiSelect
              label={t('limits.classes')}
              description={t('limits.classesHint')}
              searchable
              value={value.cohorts}
              onChange={(cohorts) => onChange({ ...value, cohorts })}
              data={(classes.data?.data ?? []).map(({ id, name }) => ({ value: id, label: name }))}
              nothingFoundMessage={t('limits.noClasses')}
              error={tried && value.cohorts.length === 0 ? t('limits.chooseClass') : undefined}
            />
          )}
        </>
      )}
      {value.role === 'learner' && (
        <LearnerPicker
          label={t('limits.learner')}
          description={t('limits.learnerHint')}
          value={value.learner}
          onChange={(learner) => onChange({ ...value, learner })}
          error={tried && value.learner === null ? t('limits.chooseLearner') : undefined}
        />
      )}
    </Stack>
  );
}
