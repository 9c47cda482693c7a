/** What an entry of the audit log is about, with a link where it has a page. */
import { Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { TextLink } from '../../parts/text-link.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import type { AuditEntry } from './audit-tab.tsx';

const PAGES = {
  learner: '/learners/$id',
  activity: '/activities/$id',
  attempt: '/attempts/$id',
  source: '/sources/$id',
  receipt: '/receipts/$id',
  cohort: '/classes/$id',
  endpoint: '/endpoints/$id',
} as const;

export function AuditTarget({ target }: { target: AuditEntry['target'] }) {
  const none = useTranslations('common.figure')('none');
  const nameOf = useLearnerName();
  if (target === null || target.id === null) return none;
  const { id } = target;
  const name = target.kind === 'learner' ? nameOf({ id, name: target.name }) : (target.name ?? id);
  const page = Object.entries(PAGES).find(([kind]) => kind === target.kind)?.[1];
  if (page === undefined) {
    return (
      <Text component="span" size="sm">
        {name}
      </Text>
    );
  }
  return (
    <TextLink
      to={page}
      params={{ id }}
      size="sm"
      {...(target.name === null && target.kind !== 'learner' ? { className: 'gw-mono' } : {})}
    >
      {name}
    </TextLink>
  );
}
