/** What somebody may see, in words: every learner, these classes, one learner. */
import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { TextLink } from '../../parts/text-link.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';

export function Sees(props: {
  role: string;
  learner: { id: string; name: string | null } | null;
  cohorts: readonly { id: string; name: string }[] | null;
}) {
  const t = useTranslations('settings.limits');
  const nameOf = useLearnerName();
  if (props.learner !== null) {
    return (
      <TextLink to="/learners/$id" params={{ id: props.learner.id }} size="sm">
        {nameOf(props.learner)}
      </TextLink>
    );
  }
  return (
    <Text component="span" size="sm">
      {props.cohorts === null
        ? t('everyone')
        : props.cohorts.length === 0
          ? t('nobody')
          : props.cohorts.map(({ name }) => name).join(', ')}
    </Text>
  );
}
