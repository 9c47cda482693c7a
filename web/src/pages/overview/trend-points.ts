/** Days of the API as points of a chart: days on which nothing happened are there too, as gaps of the average. */

export interface TrendPoint {
  /** The day, or the Monday of the week. */
  date: string;
  completed: number;
  average: number | null;
}

interface Day {
  date: string;
  attemptsCompleted: number;
  averagePercentage: number | null;
}

/** More bars than this are too thin to read; weeks are shown instead. */
const MOST_DAYS = 100;
const DAY_MS = 86_400_000;

/** Points from the first day to the last. The average of a week is that of its days, weighted by completed attempts. */
export function trendPoints(days: readonly Day[]): { points: TrendPoint[]; weekly: boolean } {
  const sorted = [...days].sort((a, b) => a.date.localeCompare(b.date));
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return { points: [], weekly: false };
  const weekly = (utc(last.date) - utc(first.date)) / DAY_MS > MOST_DAYS;
  const keyOf = (date: string) => (weekly ? monday(date) : date);
  const step = weekly ? 7 * DAY_MS : DAY_MS;
  const sums = new Map<string, { completed: number; weight: number; sum: number }>();
  for (const day of sorted) {
    const key = keyOf(day.date);
    const sum = sums.get(key) ?? { completed: 0, weight: 0, sum: 0 };
    sum.completed += day.attemptsCompleted;
    if (day.averagePercentage !== null) {
      const weight = Math.max(1, day.attemptsCompleted);
      sum.weight += weight;
      sum.sum += weight * day.averagePercentage;
    }
    sums.set(key, sum);
  }
  const points: TrendPoint[] = [];
  for (let at = utc(keyOf(first.date)); at <= utc(keyOf(last.date)); at += step) {
    const date = new Date(at).toISOString().slice(0, 10);
    const sum = sums.get(date);
    points.push({
      date,
      completed: sum?.completed ?? 0,
      average: sum === undefined || sum.weight === 0 ? null : sum.sum / sum.weight,
    });
  }
  return { points, weekly };
}

function utc(date: string): number {
  return Date.parse(`${date}T00:00:00Z`);
}

function monday(date: string): string {
  const day = new Date(utc(date));
  const back = (day.getUTCDay() + 6) % 7;
  return new Date(utc(date) - back * DAY_MS).toISOString().slice(0, 10);
}
