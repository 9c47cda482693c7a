/** The weakest areas over all, ranked by what the number of answers allows to say. */
import { Table, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck, CircleHelp } from 'lucide-react';
import { useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { useActivityName } from '../../parts/activity-name.ts';
import { useAreaKind } from '../../parts/area-kind.ts';
import { Count, Percent } from '../../parts/figures.tsx';
import { Interval } from '../../parts/interval.tsx';
import { Section } from '../../parts/page.tsx';
import { Empty } from '../../parts/states.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { Explainable, type FigureRequest } from '../../shell/explain.tsx';
import classes from './overview.module.css';

type Area = Answer<'/api/v1/overview'>['weakAreas'][number];

const MARKS = {
  weak: { icon: CircleAlert, color: 'var(--gw-attention)' },
  unclear: { icon: CircleHelp, color: 'var(--gw-muted)' },
  strong: { icon: CircleCheck, color: 'var(--gw-good)' },
  insufficient: { icon: CircleHelp, color: 'var(--gw-muted)' },
} as const;

export function WeakAreas(props: { areas: readonly Area[]; narrowed: Partial<FigureRequest> }) {
  const t = useTranslations('overview.weak');
  return (
    <Section title={t('title')} note={t('note')}>
      {props.areas.length === 0 ? (
        <Empty title={t('empty')}>{t('emptyText')}</Empty>
      ) : (
        <TableRegion label={t('title')}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th scope="col">{t('area')}</Table.Th>
                <Table.Th scope="col">{t('activity')}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('rate')}
                </Table.Th>
                <Table.Th scope="col">{t('interval')}</Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('of')}
                </Table.Th>
                <Table.Th scope="col" ta="right">
                  {t('learners')}
                </Table.Th>
                <Table.Th scope="col">{t('status')}</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {props.areas.map((area) => (
                <Row
                  key={`${area.kind}/${area.name}/${area.parent}/${area.activity?.id}`}
                  area={area}
                  narrowed={props.narrowed}
                />
              ))}
            </Table.Tbody>
          </Table>
        </TableRegion>
      )}
    </Section>
  );
}

function Row({ area, narrowed }: { area: Area; narrowed: Partial<FigureRequest> }) {
  const t = useTranslations('overview.weak');
  const format = useFormatter();
  const share = (value: number) => format.number(value, { style: 'percent', maximumFractionDigits: 0 });
  const mark = MARKS[area.status];
  const activityName = useActivityName();
  const kindOf = useAreaKind();
  const name =
    area.kind === 'activity' && area.activity !== null
      ? activityName({ ...area.activity, externalId: area.name })
      : area.name;
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500}>
        {name}
        {area.kind !== 'activity' && (
          <Text span size="xs" c="dimmed">
            {' '}
            {kindOf(area.kind)}
          </Text>
        )}
        {area.parent !== null && (
          <Text span size="xs" c="dimmed">
            {' · '}
            {area.parent}
          </Text>
        )}
      </Table.Th>
      <Table.Td>
        {area.activity !== null && (
          <Link to="/activities/$id" params={{ id: area.activity.id }}>
            {activityName(area.activity)}
          </Link>
        )}
      </Table.Td>
      <Table.Td ta="right">
        <Explainable
          figure={{
            ...narrowed,
            figure: 'overview.weakArea',
            kind: area.kind,
            area: area.name,
            ...(area.activity === null ? {} : { activity: area.activity.id }),
          }}
          name={name}
        >
          <Percent value={area.rate * 100} digits={0} />
        </Explainable>
      </Table.Td>
      <Table.Td style={{ whiteSpace: 'nowrap' }}>
        <Interval
          rate={area.rate}
          lower={area.lowerBound}
          upper={area.upperBound}
          baseline={area.baseline}
          weak={area.status === 'weak'}
        />{' '}
        <Text span size="xs" c="dimmed">
          {t('between', { from: share(area.lowerBound), to: share(area.upperBound) })} ·{' '}
          {t('baseline', { rate: share(area.baseline) })}
        </Text>
      </Table.Td>
      <Table.Td ta="right">
        <Count value={area.total} />
      </Table.Td>
      <Table.Td ta="right">
        <Count value={area.learners} />
      </Table.Td>
      <Table.Td>
        <span className={classes.word}>
          <mark.icon size={14} aria-hidden color={mark.color} />
          {t(`statuses.${area.status}`)}
        </span>
      </Table.Td>
    </Table.Tr>
  );
}
