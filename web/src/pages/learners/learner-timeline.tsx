/** A learner's days: how much was completed and how well, and the year as a calendar. */
import { BarChart, Heatmap, LineChart } from '@mantine/charts';
import { Text } from '@mantine/core';
import { useMemo } from 'react';
import { type DateTimeFormatOptions, useFormatter, useTranslations } from 'use-intl';
import type { Answer } from '../../api/types.ts';
import { ChartFrame } from '../../parts/chart-frame.tsx';
import { Duration, Percent } from '../../parts/figures.tsx';
import { Section } from '../../parts/page.tsx';
import { TableRegion } from '../../parts/table-region.tsx';
import { viewerTimeZone } from '../../shell/filters.ts';
import { CHART_COLORS, CHART_MARGIN } from '../../theme/theme.ts';
import { addDays, dayOf, daysFrom } from './days.ts';
import classes from './learner-timeline.module.css';
import '@mantine/charts/styles.css';

type Day = Answer<'/api/v1/learners/{id}/progress'>['timeline'][number];

const HEIGHT = 180;
const WEEKS = 53;
/** As dark as it gets, at least. */
const MANY_A_DAY = 4;

/** `from`: where the range begins; undefined: with the first day that has something. */
export function LearnerTimeline(props: { timeline: Day[]; from: string | undefined }) {
  const t = useTranslations('learners.timeline');
  const format = useFormatter();
  const days = useMemo(() => {
    const byDate = new Map(props.timeline.map((day) => [day.date, day]));
    const today = dayOf(new Date(), viewerTimeZone);
    const first =
      props.from === undefined ? ([...byDate.keys()].sort()[0] ?? today) : dayOf(new Date(props.from), viewerTimeZone);
    return daysFrom(first, today).map((date) => ({ date, day: byDate.get(date) }));
  }, [props.timeline, props.from]);
  const named = (date: string, year: boolean) =>
    format.dateTime(new Date(`${date}T00:00:00Z`), {
      day: 'numeric',
      month: 'short',
      timeZone: 'UTC',
      ...(year ? { year: 'numeric' as const } : {}),
    });
  const long = days.length > 300;
  const data = days.map(({ date, day }) => ({
    day: named(date, long),
    completed: day?.attemptsCompleted ?? 0,
    average: day?.averagePercentage ?? null,
  }));
  const lowest = Math.min(0, ...data.map(({ average }) => average ?? 0));
  const table = {
    head: [t('day'), t('completed'), t('average'), t('time')],
    rows: props.timeline.map((day) => [
      named(day.date, true),
      format.number(day.attemptsCompleted),
      <Percent key="average" value={day.averagePercentage} />,
      <Duration key="time" seconds={day.timeSeconds} />,
    ]),
  };
  return (
    <Section title={t('title')} note={t('zone', { zone: viewerTimeZone })}>
      {props.timeline.length === 0 ? (
        <Text c="dimmed">{t('none')}</Text>
      ) : (
        <div className={classes.charts}>
          <ChartFrame
            title={t('completedTitle')}
            unit={t('completedUnit')}
            table={table}
            summary={t('summary', { days: props.timeline.length })}
          >
            <BarChart
              h={HEIGHT}
              data={data}
              dataKey="day"
              series={[{ name: 'completed', label: t('completed'), color: CHART_COLORS[0] }]}
              yAxisProps={{ allowDecimals: false, width: 40 }}
              xAxisProps={{ minTickGap: 24 }}
              maxBarWidth={28}
              barChartProps={{ margin: CHART_MARGIN }}
            />
          </ChartFrame>
          <ChartFrame title={t('averageTitle')} unit={t('averageUnit')} table={table} summary={t('gaps')}>
            {data.some(({ average }) => average !== null) ? (
              <LineChart
                h={HEIGHT}
                data={data}
                dataKey="day"
                series={[{ name: 'average', label: t('average'), color: CHART_COLORS[3] }]}
                connectNulls={false}
                curveType="linear"
                dotProps={{ r: 3 }}
                lineChartProps={{ margin: CHART_MARGIN }}
                yAxisProps={{ domain: [lowest, 100], width: 48 }}
                xAxisProps={{ minTickGap: 24 }}
                valueFormatter={(value) => format.number(value / 100, { style: 'percent', maximumFractionDigits: 1 })}
              />
            ) : (
              <Text c="dimmed">{t('noAverage')}</Text>
            )}
          </ChartFrame>
        </div>
      )}
    </Section>
  );
}

/** The last 53 weeks, a square a day. */
export function LearnerCalendar(props: { timeline: Day[] }) {
  const t = useTranslations('learners.calendar');
  const format = useFormatter();
  const today = dayOf(new Date(), viewerTimeZone);
  const counts = Object.fromEntries(
    props.timeline
      .filter(({ attemptsCompleted }) => attemptsCompleted > 0)
      .map((day) => [day.date, day.attemptsCompleted]),
  );
  const utc = (date: string, options: DateTimeFormatOptions) =>
    format.dateTime(new Date(`${date}T00:00:00Z`), { timeZone: 'UTC', ...options });
  // 2023-01-01 was a Sunday, the first of a year.
  const weekdays = [0, 1, 2, 3, 4, 5, 6].map((day) =>
    day % 2 === 1 ? utc(addDays('2023-01-01', day), { weekday: 'short' }) : '',
  );
  const months = Array.from({ length: 12 }, (_, month) =>
    utc(`2023-${String(month + 1).padStart(2, '0')}-01`, { month: 'short' }),
  );
  const active = Object.keys(counts).sort().reverse();
  return (
    <ChartFrame
      title={t('title')}
      unit={t('unit')}
      summary={t('summary', { days: active.length })}
      table={{
        head: [t('day'), t('completed')],
        rows: active.map((date) => [utc(date, { dateStyle: 'full' }), format.number(counts[date] ?? 0)]),
      }}
    >
      <TableRegion label={t('title')} atEnd>
        <Heatmap
          className={classes.calendar}
          role="img"
          aria-label={`${t('title')}. ${t('summary', { days: active.length })}`}
          data={counts}
          // One attempt is little on anybody's calendar, also where no day has more.
          domain={[1, Math.max(MANY_A_DAY, ...Object.values(counts))]}
          startDate={addDays(today, -7 * (WEEKS - 1))}
          endDate={today}
          withMonthLabels
          monthLabels={months}
          withWeekdayLabels
          weekdayLabels={weekdays}
          withOutsideDates={false}
          rectSize={13}
          gap={2}
          colors={['var(--calendar-1)', 'var(--calendar-2)', 'var(--calendar-3)', 'var(--calendar-4)']}
          withTooltip
          getTooltipLabel={({ date, value }) =>
            t('tooltip', { day: utc(date, { dateStyle: 'medium' }), count: value ?? 0 })
          }
          withLegend
          legendLabels={[t('less'), t('more')]}
        />
      </TableRegion>
    </ChartFrame>
  );
}
