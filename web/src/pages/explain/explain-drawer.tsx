/** What a figure is made of, down to the signed bytes. */
import { Drawer } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Shown } from '../../parts/states.tsx';
import type { FigureRequest } from '../../shell/explain.tsx';

export default function ExplainDrawer(props: { request: FigureRequest; name: string; onClose(): void }) {
  const t = useTranslations('explain');
  const query = $api.useQuery('get', '/api/v1/explain', { params: { query: props.request } });
  return (
    <Drawer opened onClose={props.onClose} size="lg" title={`${t('title')}: ${props.name}`}>
      <Shown query={query}>{(explained) => explained.formula}</Shown>
    </Drawer>
  );
}
