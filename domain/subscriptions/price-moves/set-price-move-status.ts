import { z } from 'zod';

import { Prisma, type TenantSql } from '../../../platform/db/database';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { priceMovePayload } from './create-price-move';
import {
  priceMoveSubject,
  type PriceMoveRow,
  type PriceMoveStatus,
  priceMoveStatuses,
  readPriceMove,
} from './price-move-row';
import { listToTakeBack } from './work-of-move';

/** What somebody asks of a move, by the word for it. */
export const priceMoveCommands = ['pause', 'resume', 'cancel'] as const;
export type PriceMoveCommand = (typeof priceMoveCommands)[number];

const leadsTo: Readonly<Record<PriceMoveCommand, PriceMoveStatus>> = {
  pause: 'paused',
  resume: 'running',
  cancel: 'cancelling',
};
const told = {
  running: 'price_move.resumed',
  paused: 'price_move.paused',
  completed: 'price_move.completed',
  cancelling: 'price_move.cancelling',
  cancelled: 'price_move.cancelled',
} as const;

/**
 * Pauses, resumes or cancels a move; asked again, it changes nothing. A cancellation has the batches take back what was
 * announced and still waits, also of a move that is completed; then it is `cancelled`.
 * @throws AppError not_found; price_move_state when it is over, or completed and nothing that it announced may wait
 */
export async function commandPriceMove(
  tx: TenantSql,
  input: { id: number; command: PriceMoveCommand; now: Date },
): Promise<PriceMoveRow> {
  const { id, command, now } = input;
  const status = await lockStatus(tx, id);

  const isCancelled = status === 'cancelling' || status === 'cancelled';

  if (command === 'cancel' && isCancelled) {
    return readPriceMove(tx, id);
  }

  if (isCancelled || (status === 'completed' && !(command === 'cancel' && (await mayWait(tx, id))))) {
    const why = command === 'cancel' ? ', and nothing that it announced waits' : '';
    throw new AppError('price_move_state', { detail: `The price move is ${status}${why}.`, params: { state: status } });
  }

  return setStatus(tx, { id, from: status, to: leadsTo[command], now });
}

const mayWait = async (tx: TenantSql, id: number): Promise<boolean> =>
  (await listToTakeBack(tx, { priceMoveId: id, limit: 1 })).length > 0;

/** Ends a move that has asked everybody, or taken everything back; one that is paused or over is left as it is. */
export async function endPriceMove(tx: TenantSql, input: { id: number; now: Date }): Promise<PriceMoveRow> {
  const status = await lockStatus(tx, input.id);

  if (status === 'cancelling') {
    return setStatus(tx, { ...input, from: status, to: (await mayWait(tx, input.id)) ? status : 'cancelled' });
  }
  const { total, moved, skipped, failed } = await readPriceMove(tx, input.id);
  const isDone = status === 'running' && moved + skipped + failed === total;

  return setStatus(tx, { ...input, from: status, to: isDone ? 'completed' : status });
}

async function lockStatus(tx: TenantSql, id: number): Promise<PriceMoveStatus> {
  const [row] = await tx.query(
    z.object({ status: z.enum(priceMoveStatuses) }),
    Prisma.sql`SELECT status FROM ordering.price_moves WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint FOR UPDATE`,
  );

  return row?.status ?? (await readPriceMove(tx, id)).status;
}

async function setStatus(
  tx: TenantSql,
  { id, from, to, now }: { id: number; from: PriceMoveStatus; to: PriceMoveStatus; now: Date },
): Promise<PriceMoveRow> {
  if (from !== to) {
    const endedAt = to === 'completed' || to === 'cancelled' ? now : null;
    await tx.write(Prisma.sql`UPDATE ordering.price_moves SET status = ${to}, ended_at = ${endedAt}::timestamptz, updated_at = ${now}::timestamptz
                  WHERE company_id = ${tx.companyId}::bigint AND id = ${id}::bigint`);
    await appendEvents(tx, {
      subject: priceMoveSubject(id),
      events: [{ type: told[to], payload: priceMovePayload(await readPriceMove(tx, id)) }],
      now,
    });
  }

  return readPriceMove(tx, id);
}
