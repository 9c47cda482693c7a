/** A figure in its unit. */
import { useFormatter, useTranslations } from 'use-intl';
import { Count, Duration, Percent } from '../../parts/figures.tsx';
import type { Explained } from './explained.ts';

export function FigureValue({ value, unit }: { value: number | null; unit: Explained['unit'] }) {
  const format = useFormatter();
  const t = useTranslations('common.figure');
  if (value === null) return <>{t('none')}</>;
  switch (unit) {
    case 'percent':
      return <Percent value={value} />;
    case 'share':
      return <Percent value={100 * value} />;
    case 'count':
      return <Count value={value} />;
    case 'seconds':
      return <Duration seconds={value} />;
    case 'index':
      return <>{format.number(value, { maximumFractionDigits: 0 })}</>;
    default: {
      const never: never = unit;
      throw new Error(`No way to show ${String(never)}.`);
    }
  }
}
