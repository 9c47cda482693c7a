/** The questions of an activity: how hard each is, how well it separates, what is chosen; and what people tell of them. */
import { Button } from '@mantine/core';
import { getRouteApi } from '@tanstack/react-router';
import { FileUp, Plus } from 'lucide-react';
import { useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Activity } from '../../api/types.ts';
import { Section } from '../../parts/page.tsx';
import { Empty, Shown } from '../../parts/states.tsx';
import { useMe } from '../../shell/session.ts';
import { BasisNote } from './basis-note.tsx';
import type { ActivityItem } from './item-sort.ts';
import { ItemsTable } from './items-table.tsx';
import { QuestionForm } from './question-form.tsx';
import { QuestionsFile } from './questions-file.tsx';
import { useNarrowed } from './use-narrowed.ts';

const route = getRouteApi('/signed-in/activities/$id');

/** What is being told: one question by hand (null: a new one), or a file. */
type Telling = { by: 'hand'; item: ActivityItem | null } | { by: 'file' };

export function QuestionsTab({ activity }: { activity: Activity }) {
  const t = useTranslations('activities.items');
  const me = useMe();
  const { figure, zoned } = useNarrowed();
  const { question = null } = route.useSearch();
  const navigate = route.useNavigate();
  const [telling, setTelling] = useState<Telling | null>(null);
  const query = $api.useQuery('get', '/api/v1/activities/{id}/items', {
    params: { path: { id: activity.id }, query: figure },
  });
  // Questions are the same for every class, so only those who see all of them may tell of them.
  const mayTell = me.cohorts === null;
  const buttons = mayTell && (
    <>
      <Button
        variant="default"
        size="xs"
        leftSection={<FileUp size={14} aria-hidden />}
        onClick={() => setTelling({ by: 'file' })}
      >
        {t('csv')}
      </Button>
      <Button
        variant="default"
        size="xs"
        leftSection={<Plus size={14} aria-hidden />}
        onClick={() => setTelling({ by: 'hand', item: null })}
      >
        {t('add')}
      </Button>
    </>
  );
  return (
    <Shown query={query} lines={10}>
      {({ data, basis, sampledFrom }) => (
        <>
          <Section
            title={t('title')}
            note={<BasisNote basis={basis} sampledFrom={sampledFrom} />}
            actions={data.length > 0 && <Button.Group>{buttons}</Button.Group>}
          >
            {data.length === 0 ? (
              <Empty title={t('empty')} action={buttons}>
                {t('emptyText')}
              </Empty>
            ) : (
              <ItemsTable
                items={data}
                asked={{ ...zoned, activity: activity.id }}
                open={question}
                onOpen={(id) =>
                  void navigate({
                    search: (previous) => ({ ...previous, question: id ?? undefined }),
                    replace: true,
                    resetScroll: false,
                  })
                }
                onEdit={mayTell ? (item) => setTelling({ by: 'hand', item }) : null}
              />
            )}
          </Section>
          {telling?.by === 'hand' && (
            <QuestionForm activity={activity.id} item={telling.item} items={data} onClose={() => setTelling(null)} />
          )}
          {telling?.by === 'file' && (
            <QuestionsFile activity={activity} items={data} onClose={() => setTelling(null)} />
          )}
        </>
      )}
    </Shown>
  );
}
