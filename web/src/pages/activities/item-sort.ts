/** Orders of the questions of an activity. */
import type { Item } from '../../api/types.ts';
import { ENOUGH_ANSWERS } from './item-words.ts';

export type ActivityItem = Item<'/api/v1/activities/{id}/items'>;
export type ItemSort = 'question' | 'answered' | 'facility' | 'discrimination';

/** Questions without the figure stand last, either way; `question` is the order of the activity. */
export function sortItems(items: readonly ActivityItem[], by: ItemSort, order: 'asc' | 'desc'): ActivityItem[] {
  if (by === 'question') return order === 'asc' ? [...items] : [...items].reverse();
  const value = (item: ActivityItem): number | null => {
    if (by === 'answered') return item.answered;
    if (by === 'facility') return item.facility;
    return item.discriminationN < ENOUGH_ANSWERS ? null : item.discrimination;
  };
  const way = order === 'asc' ? 1 : -1;
  return [...items].sort((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (x === null || y === null) return x === y ? 0 : x === null ? 1 : -1;
    return way * (x - y);
  });
}
