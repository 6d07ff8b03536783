import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';

import { refusalOf } from '../clients/send-or-restart';
import { commandSubscription } from '../clients/subscription-client';
import { AppError } from '../domain/errors';
import { listMovedSubscriptions, noteMoved } from '../domain/subscriptions/price-moves/moved-subscriptions';
import {
  priceMoveSubject,
  type PriceMoveRow,
  type PriceMoveStatus,
  readPriceMove,
} from '../domain/subscriptions/price-moves/price-move-row';
import {
  commandPriceMove,
  completePriceMove,
  type PriceMoveCommand,
} from '../domain/subscriptions/price-moves/set-price-move-status';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { failForGood } from './answer-outcome';

/** Subscriptions that are asked at the same time, and in one batch: a pause is heeded after it. */
const atOnce = 8;
const batchSize = 32;

/** How long one subscription has for its answer, milliseconds. */
const answerWithin = 30_000;

/** A subscription that does not answer holds the move up this often; then it has failed. */
const mostTries = 8;

/** How far a move is: subscriptions of each outcome. */
export interface PriceMoveProgress {
  status: PriceMoveStatus;
  total: number;
  moved: number;
  skipped: number;
  failed: number;
}

interface OfMove {
  companyId: number;
  priceMoveId: number;
}

const progressOf = ({ status, total, moved, skipped, failed }: PriceMoveRow): PriceMoveProgress => ({
  status,
  total,
  moved,
  skipped,
  failed,
});

/** What a price move does outside its own rows: it asks subscriptions through their door. Remote, on subscription-svc. */
export function createPriceMoveActivities(parts: { database: Database; clock: Clock; temporal: Client }) {
  const { database, clock } = parts;

  async function ask({ companyId, priceMoveId }: OfMove, move: PriceMoveRow, subscriptionId: number): Promise<void> {
    const answer = await answerOf(
      () =>
        commandSubscription(parts, {
          companyId,
          id: subscriptionId,
          command: {
            type: 'change_price',
            priceId: move.priceId,
            immediate: move.immediate,
            noticeDays: move.noticeDays,
          },
          commandId: priceMoveSubject(priceMoveId),
          until: clock.now().getTime() + answerWithin,
        }),
      Context.current().info.attempt >= mostTries,
    );
    await database.withTenantSql(companyId, (tx) =>
      noteMoved(tx, { priceMoveId, subscriptionId, ...answer, now: clock.now() }),
    );
  }

  return {
    /** Asks the next ones of the list, unless it is paused or over; ends the move when nobody is left. */
    movePriceBatch: ({ companyId, priceMoveId }: OfMove): Promise<PriceMoveProgress> =>
      failForGood(async () => {
        const read = <Result>(work: Parameters<typeof database.withTenantSql<Result>>[1]) =>
          database.withTenantSql(companyId, work);
        const move = await read((tx) => readPriceMove(tx, priceMoveId));

        if (move.status !== 'running') {
          return progressOf(move);
        }
        const pending = await read((tx) =>
          listMovedSubscriptions(tx, { priceMoveId, status: 'pending', after: 0, limit: batchSize }),
        );
        const waiting = pending.map(({ subscriptionId }) => subscriptionId);
        const worker = async () => {
          for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
            Context.current().heartbeat();
            await ask({ companyId, priceMoveId }, move, id);
          }
        };
        await Promise.all(Array.from({ length: Math.min(atOnce, waiting.length) }, worker));

        return progressOf(await read((tx) => completePriceMove(tx, { id: priceMoveId, now: clock.now() })));
      }),
  };
}

export type PriceMoveActivities = ReturnType<typeof createPriceMoveActivities>;

/** Database steps of price moves, run as local activities. */
export function createPriceMoveSteps({ database, clock }: { database: Database; clock: Clock }) {
  return {
    commandPriceMove: ({
      companyId,
      priceMoveId,
      command,
    }: OfMove & { command: PriceMoveCommand }): Promise<PriceMoveProgress> =>
      failForGood(async () =>
        progressOf(
          await database.withTenantSql(companyId, (tx) =>
            commandPriceMove(tx, { id: priceMoveId, command, now: clock.now() }),
          ),
        ),
      ),
  };
}

export type PriceMoveSteps = ReturnType<typeof createPriceMoveSteps>;

/** A refusal is an answer, a defect one that somebody has to look at; what may pass is thrown. */
async function answerOf(
  asking: () => Promise<unknown>,
  isLastTry: boolean,
): Promise<{ status: 'moved' | 'skipped' | 'failed'; reason: string | null }> {
  try {
    await asking();

    return { status: 'moved', reason: null };
  } catch (error) {
    const refused = error instanceof AppError ? error : refusalOf(error, 'The subscription');

    if (refused === null || (refused.status >= 500 && refused.code !== 'internal' && !isLastTry)) {
      throw error;
    }

    return { status: refused.status >= 500 ? 'failed' : 'skipped', reason: `${refused.code}: ${refused.message}` };
  }
}
