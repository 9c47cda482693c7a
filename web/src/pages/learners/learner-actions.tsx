/** What an admin can do with a learner. */
import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { ChevronDown, Download, Eye, EyeOff, Merge, Pencil, Trash2, UsersRound } from 'lucide-react';
import { useRef, useState } from 'react';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import type { Answer } from '../../api/types.ts';
import { useLearnerName } from '../../shell/presenter.tsx';
import { ClassesDialog } from './classes-dialog.tsx';
import { EditDialog } from './edit-dialog.tsx';
import { EraseDialog } from './erase-dialog.tsx';
import { MergeWithDialog } from './merge-with-dialog.tsx';

type Learner = Answer<'/api/v1/learners/{id}'>;
type Dialog = 'edit' | 'classes' | 'merge' | 'erase';

export function LearnerActions({ learner }: { learner: Learner }) {
  const t = useTranslations('learners.one');
  const nameOf = useLearnerName();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const target = useRef<HTMLButtonElement>(null);
  const patch = $api.useMutation('patch', '/api/v1/learners/{id}');
  // The entry of the menu that opened a dialog is gone by then, so the focus goes back to the menu's button.
  const close = () => {
    setDialog(null);
    requestAnimationFrame(() => target.current?.focus());
  };
  const exclude = () =>
    patch.mutate(
      { params: { path: { id: learner.id } }, body: { excluded: !learner.excluded } },
      {
        onSuccess: async ({ excluded }) => {
          notifications.show({ message: t(excluded ? 'excludedDone' : 'includedDone', { name: nameOf(learner) }) });
          await queries.invalidateQueries();
        },
        onError: (error: unknown) => notifications.show({ color: 'red', message: String(error) }),
      },
    );
  return (
    <>
      <Menu position="bottom-end" width={290}>
        <Menu.Target>
          <Button ref={target} variant="default" rightSection={<ChevronDown size={16} aria-hidden />}>
            {t('actions')}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<Pencil size={16} aria-hidden />} onClick={() => setDialog('edit')}>
            {t('edit')}
          </Menu.Item>
          <Menu.Item leftSection={<UsersRound size={16} aria-hidden />} onClick={() => setDialog('classes')}>
            {t('classes')}
          </Menu.Item>
          <Menu.Item
            leftSection={learner.excluded ? <Eye size={16} aria-hidden /> : <EyeOff size={16} aria-hidden />}
            onClick={exclude}
          >
            {t(learner.excluded ? 'include' : 'exclude')}
          </Menu.Item>
          <Menu.Item leftSection={<Merge size={16} aria-hidden />} onClick={() => setDialog('merge')}>
            {t('merge')}
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item
            leftSection={<Download size={16} aria-hidden />}
            component="a"
            download
            href={`/api/v1/learners/${learner.id}/export`}
          >
            {t('exportAll')}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<Trash2 size={16} aria-hidden />} onClick={() => setDialog('erase')}>
            {t('erase')}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      {dialog === 'edit' && <EditDialog learner={learner} onClose={close} />}
      {dialog === 'classes' && <ClassesDialog learner={learner} onClose={close} />}
      {dialog === 'merge' && (
        <MergeWithDialog
          learner={learner}
          onClose={close}
          onMerged={(kept) => void navigate({ to: '/learners/$id', params: { id: kept.id } })}
        />
      )}
      {dialog === 'erase' && <EraseDialog learner={learner} onClose={close} />}
    </>
  );
}
