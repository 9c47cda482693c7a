/** The learner's own view: their progress, and nothing of anybody else. */
import { Button } from '@mantine/core';
import { Printer } from 'lucide-react';
import { useTranslations } from 'use-intl';
import { Page } from '../../parts/page.tsx';
import { Empty } from '../../parts/states.tsx';
import { useMe } from '../../shell/session.ts';
import { LearnerProgress } from '../learners/learner-progress.tsx';

export function OwnPage() {
  const t = useTranslations('learners.own');
  const one = useTranslations('learners.one');
  const { learner, user } = useMe();
  if (learner === null) {
    return (
      <Page title={t('title')}>
        <Empty title={t('notLinked')}>{t('notLinkedText')}</Empty>
      </Page>
    );
  }
  return (
    <Page
      title={t('title')}
      state={t('hello', { name: learner.name ?? user?.name ?? '' })}
      actions={
        <Button variant="default" leftSection={<Printer size={16} aria-hidden />} onClick={() => window.print()}>
          {one('print')}
        </Button>
      }
    >
      <LearnerProgress learner={learner.id} />
    </Page>
  );
}
