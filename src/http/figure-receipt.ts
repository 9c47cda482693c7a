import type { Static } from 'typebox';
import { publicId } from '../core/ids.ts';
import type { FigureReceiptRow } from '../progress/queries/figure-receipts.ts';
import type { figureReceiptSchema } from './contracts/figure.ts';

/** A receipt that figures are made of, as lists show it. */
export function toFigureReceipt(row: FigureReceiptRow): Static<typeof figureReceiptSchema> {
  return {
    id: `rcp_${row.receipt}`,
    source: { id: publicId('src', row.source_id), slug: row.source_slug },
    provider: row.provider,
    receivedAt: row.received_at?.toISOString() ?? null,
    verification: row.verification,
  };
}
