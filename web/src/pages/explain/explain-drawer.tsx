/** What a figure is made of, down to the signed bytes. */
import { Drawer, Text } from '@mantine/core';
import { useTranslations } from 'use-intl';
import { $api } from '../../api/hooks.ts';
import { Moment } from '../../parts/figures.tsx';
import { Shown } from '../../parts/states.tsx';
import { useFocusBack } from '../../parts/use-focus-back.ts';
import type { FigureRequest } from '../../shell/explain.tsx';
import { Excluded } from './excluded.tsx';
import classes from './explain.module.css';
import type { Explained } from './explained.ts';
import { FigureValue } from './figure-value.tsx';
import { Inputs } from './inputs.tsx';
import { MadeOf } from './made-of.tsx';
import { Part } from './part.tsx';
import { Policies } from './policies.tsx';
import { Receipts } from './receipts.tsx';
import { Verification } from './verification.tsx';

export default function ExplainDrawer(props: { request: FigureRequest; name: string; onClose(): void }) {
  const t = useTranslations('explain');
  const common = useTranslations('common.figure');
  const { request, name, onClose } = props;
  const query = $api.useQuery('get', '/api/v1/explain', { params: { query: request } });
  useFocusBack();
  return (
    <Drawer
      opened
      onClose={onClose}
      size={680}
      title={t('of', { name })}
      returnFocus={false}
      closeButtonProps={{ 'aria-label': common('close') }}
      styles={{ title: { fontWeight: 600 } }}
    >
      <Shown query={query} lines={10}>
        {(explained) => <Explanation explained={explained} request={request} name={name} onLeave={onClose} />}
      </Shown>
    </Drawer>
  );
}

/** `onLeave`: a link was followed, so the drawer closes. */
function Explanation(props: { explained: Explained; request: FigureRequest; name: string; onLeave(): void }) {
  const t = useTranslations('explain');
  const { explained, request, name, onLeave } = props;
  return (
    <>
      <p className={classes.value}>
        <span className={classes.name}>{name}</span>
        <FigureValue value={explained.value} unit={explained.unit} />
      </p>
      <Text size="sm" c="dimmed" mb="lg">
        {t.rich('asOf', { time: () => <Moment at={explained.basis.asOf} /> })}
      </Text>
      <Part title={t('formula.title')}>{t(`formula.${explained.figure}`)}</Part>
      <MadeOf explained={explained} request={request} />
      <Policies explained={explained} />
      <Excluded excluded={explained.excluded} />
      <Verification verification={explained.verification} />
      <Inputs explained={explained} onLeave={onLeave} />
      <Receipts url={explained.receipts} onLeave={onLeave} />
    </>
  );
}
