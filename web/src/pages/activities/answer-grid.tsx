/** The grid itself: a mark a cell, told by shape and word, with the learner and the heads always in sight. */
import { VisuallyHidden } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { memo } from 'react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { Percent } from '../../parts/figures.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { useLearnerName } from '../../shell/presenter.tsx';
import classes from './answer-grid.module.css';

type Grid = Answer<'/api/v1/activities/{id}/grid'>;
type Verdict = 'right' | 'wrong' | 'partly' | 'none';

/** Shapes that are told apart without colour, and by eye in a dense table. */
const SHAPES: Record<Verdict, string> = { right: '✓', wrong: '✗', partly: '½', none: '·' };

function verdictOf(mark: number | null): Verdict {
  if (mark === null) return 'none';
  if (mark >= 1) return 'right';
  return mark <= 0 ? 'wrong' : 'partly';
}

export function AnswerGrid(props: { activity: string; columns: Grid['columns']; rows: Grid['rows'] }) {
  const t = useTranslations('activities.grid');
  const { columns, rows } = props;
  return (
    <>
      <ul className={classes.legend} aria-label={t('legend')}>
        {(['right', 'partly', 'wrong', 'none'] as const).map((verdict) => (
          <li key={verdict}>
            <span className={`${classes.mark} ${classes[verdict]}`} aria-hidden>
              {SHAPES[verdict]}
            </span>
            {t(verdict === 'partly' ? 'partlyWord' : verdict)}
          </li>
        ))}
      </ul>
      <div className={classes.frame}>
        <TableRegion label={t('title')} maxHeight={640}>
          <table className={classes.grid}>
            <thead>
              <tr>
                <th scope="col" className={classes.corner}>
                  {t('learner')}
                </th>
                <th scope="col" className={classes.result}>
                  {t('result')}
                </th>
                {columns.map((column, index) => (
                  <th key={column.questionId} scope="col">
                    <Link
                      to="/activities/$id"
                      params={{ id: props.activity }}
                      search={(now) => ({ ...now, tab: 'questions', question: column.questionId })}
                      title={column.text ?? column.questionId}
                      aria-label={t('column', { number: index + 1, text: column.text ?? column.questionId })}
                    >
                      {index + 1}
                    </Link>
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {rows.map((row) => (
                <GridRow key={row.attempt} row={row} columns={columns} />
              ))}
            </tbody>
          </table>
        </TableRegion>
      </div>
    </>
  );
}

const GridRow = memo(function GridRow({ row, columns }: { row: Grid['rows'][number]; columns: Grid['columns'] }) {
  const t = useTranslations('activities.grid');
  const common = useTranslations('common.figure');
  const format = useFormatter();
  const name = useLearnerName()(row.learner);
  return (
    <tr>
      <th scope="row" className={classes.learner}>
        <Link to="/learners/$id" params={{ id: row.learner.id }}>
          {name}
        </Link>
      </th>
      <td className={classes.result}>
        <Link
          to="/attempts/$id"
          params={{ id: row.attempt }}
          aria-label={t('attempt', {
            name,
            result:
              row.percentage === null
                ? common('none')
                : format.number(row.percentage / 100, { style: 'percent', maximumFractionDigits: 0 }),
          })}
        >
          <Percent value={row.percentage} digits={0} />
        </Link>
      </td>
      {columns.map((column, index) => {
        const mark = row.cells[index] ?? null;
        const verdict = verdictOf(mark);
        const words =
          verdict === 'partly'
            ? t('partly', { share: format.number(mark ?? 0, { style: 'percent', maximumFractionDigits: 0 }) })
            : t(verdict);
        return (
          <td key={column.questionId} title={words}>
            <span className={`${classes.mark} ${classes[verdict]}`} aria-hidden>
              {SHAPES[verdict]}
            </span>
            <VisuallyHidden>{words}</VisuallyHidden>
          </td>
        );
      })}
    </tr>
  );
});
