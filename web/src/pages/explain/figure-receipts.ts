/** The receipts of a figure: a list under a URL that the API names, so its path is not known beforehand. */
import { ApiError } from '../../api/api-error.ts';
import type { Answer, Item } from '../../api/types.ts';
import type { Explained } from './explained.ts';

type ReceiptPage = Answer<'/api/v1/activities/{id}/receipts'>;

export type FigureReceipt = Omit<Item<'/api/v1/activities/{id}/receipts'>, 'verification'> & {
  verification: Explained['verification'][number]['verification'];
};

/** One page of them. `url` names the server by its public URL, which may be another than that of this page: the path is taken. */
export async function figureReceipts(
  url: string,
  cursor: string | null,
  signal: AbortSignal,
): Promise<{ data: FigureReceipt[]; nextCursor: ReceiptPage['nextCursor'] }> {
  const { pathname, searchParams } = new URL(url, window.location.origin);
  if (cursor !== null) searchParams.set('cursor', cursor);
  const response = await fetch(`${pathname}?${searchParams}`, { credentials: 'same-origin', signal }).catch(
    (cause: unknown) => {
      throw signal.aborted ? cause : ApiError.unreachable(cause);
    },
  );
  if (!response.ok) throw await ApiError.from(response);
  return await response.json();
}
