/** What the figures of a part are made of, in a line. */
import { useTranslations } from 'use-intl';
import type { Basis } from '../../api/types.ts';
import { useNarrowed } from './use-narrowed.ts';

/** `sampledFrom`: how many attempts there are, where only the newest were read; else null. */
export function BasisNote(props: { basis: Basis; sampledFrom?: number | null }) {
  const t = useTranslations('activities.one');
  const policies = useTranslations('common.policy');
  const ranges = useTranslations('common.range');
  const figure = useTranslations('common.figure');
  const { range } = useNarrowed();
  const { basis, sampledFrom } = props;
  return (
    <>
      {t('based', { policy: policies(basis.attempts), range: ranges(range) })} · {figure('n', { n: basis.n })}
      {sampledFrom != null && <> · {t('sampled', { n: basis.n, all: sampledFrom })}</>}
    </>
  );
}
