/** How many attempts and learners, over which time, in which zone. */
import { useFormatter, useTranslations } from 'use-intl';
import type { FigureRequest } from '../../shell/explain.tsx';
import classes from './explain.module.css';
import type { Explained } from './explained.ts';
import { Part } from './part.tsx';

export function MadeOf({ explained, request }: { explained: Explained; request: FigureRequest }) {
  const t = useTranslations('explain.madeOf');
  const format = useFormatter();
  const { n, learners, basis, figure } = explained;
  const at = (time: string) => format.dateTime(new Date(time), { dateStyle: 'medium', timeStyle: 'short' });
  const { from, to } = request;
  const range =
    from !== undefined && to !== undefined
      ? t('between', { from: at(from), to: at(to) })
      : from !== undefined
        ? t('since', { from: at(from) })
        : to !== undefined
          ? t('until', { to: at(to) })
          : t('ever');
  return (
    <Part title={t('title')}>
      <ul className={classes.plain}>
        <li>{t(figure.endsWith('weakArea') ? 'answers' : 'n', { n, learners })}</li>
        <li>
          {t('range')}: {range}
        </li>
        <li>{t('zone', { zone: basis.tz })}</li>
      </ul>
    </Part>
  );
}
