/** Numbers, times and marks as they stand everywhere. */
import { Badge, Text, Tooltip } from '@mantine/core';
import { useFormatter, useTranslations } from 'use-intl';
import { viewerTimeZone } from '../shell/filters.ts';

/** A percentage of 0 to 100 with one decimal, or a dash. */
export function Percent(props: { value: number | null | undefined; digits?: number }) {
  const format = useFormatter();
  const t = useTranslations('common.figure');
  if (props.value === null || props.value === undefined) return <>{t('none')}</>;
  return (
    <>
      {format.number(props.value / 100, {
        style: 'percent',
        // As many for all: the points of a column stand under each other.
        minimumFractionDigits: props.digits ?? 1,
        maximumFractionDigits: props.digits ?? 1,
      })}
    </>
  );
}

/** A whole number, or a dash. */
export function Count(props: { value: number | null | undefined }) {
  const format = useFormatter();
  const t = useTranslations('common.figure');
  return <>{props.value === null || props.value === undefined ? t('none') : format.number(props.value)}</>;
}

/** A moment in the viewer's zone, the zone named on hover; `relative` says "3 minutes ago" instead. */
export function Moment(props: { at: string | null | undefined; relative?: boolean }) {
  const format = useFormatter();
  const t = useTranslations('common.figure');
  if (props.at === null || props.at === undefined) return <>{t('none')}</>;
  const date = new Date(props.at);
  const exact = format.dateTime(date, { dateStyle: 'medium', timeStyle: 'medium' });
  const shown =
    props.relative === true
      ? format.relativeTime(date, new Date())
      : format.dateTime(date, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <time dateTime={props.at} title={`${exact} (${viewerTimeZone})`}>
      {shown}
    </time>
  );
}

/** Seconds as the two greatest of hours, minutes and seconds: 1h 5m, 4m 20s. */
export function Duration(props: { seconds: number | null | undefined }) {
  const format = useFormatter();
  const t = useTranslations('common.figure');
  if (props.seconds === null || props.seconds === undefined) return <>{t('none')}</>;
  const total = Math.round(props.seconds);
  const parts: [number, 'hour' | 'minute' | 'second'][] = [
    [Math.floor(total / 3600), 'hour'],
    [Math.floor((total % 3600) / 60), 'minute'],
    [total % 60, 'second'],
  ];
  const from = parts.findIndex(([value]) => value > 0);
  const shown = from === -1 ? parts.slice(2) : parts.slice(from, from + 2);
  // Not by Intl: its narrow units are "25 Min. 6 Sek." beside "142h 37 Min." in German.
  return <>{shown.map(([value, unit]) => t(unit, { value: format.number(value) })).join(' ')}</>;
}

/** Says that only a secret URL proves a result. */
export function Unverified(props: { verification: string | null | undefined; confirmed?: boolean }) {
  const t = useTranslations('common.figure');
  if (props.verification !== 'token' || props.confirmed === true) return null;
  return (
    <Tooltip label={t('unverifiedHelp')}>
      <Text component="span" size="xs" c="dimmed" className="gw-unverified" tabIndex={0}>
        {t('unverified')}
      </Text>
    </Tooltip>
  );
}

/** Marks data of tests, which is in no figure. */
export function TestMark(props: { test: boolean }) {
  const t = useTranslations('common.figure');
  return props.test ? (
    <Badge size="xs" variant="outline" color="gray">
      {t('test')}
    </Badge>
  ) : null;
}
