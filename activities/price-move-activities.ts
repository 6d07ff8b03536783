import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';

import { refusalOf } from '../clients/send-or-restart';
import type { OfCompany } from '../clients/client-parts';
import { commandSubscription } from '../clients/subscription-client';
import type { ErrorCode } from '../domain/error-codes';
import { AppError } from '../domain/errors';
import type { RequestedCommand } from '../domain/subscriptions/commands/subscription-command-schema';
import { askAgainAfter } from '../domain/subscriptions/price-moves/ask-again-rules';
import { noteMoved, notePostponed } from '../domain/subscriptions/price-moves/moved-subscriptions';
import {
  priceMoveSubject,
  type PriceMoveRow,
  type PriceMoveStatus,
  readPriceMove,
} from '../domain/subscriptions/price-moves/price-move-row';
import {
  commandPriceMove,
  endPriceMove,
  type PriceMoveCommand,
} from '../domain/subscriptions/price-moves/set-price-move-status';
import {
  claimToAsk,
  findAnnouncedChange,
  listToTakeBack,
  noteTakenBack,
  type ToAsk,
  type ToTakeBack,
} from '../domain/subscriptions/price-moves/work-of-move';
import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import { someAtATime } from '../platform/some-at-a-time';
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
  takenBack: number;
  /** When those that cannot answer yet are asked again, epoch milliseconds; null while somebody is still to be asked, or nobody is. */
  askAgainAt: number | null;
}

interface OfMove {
  companyId: number;
  priceMoveId: number;
}

const progressOf = (move: PriceMoveRow): PriceMoveProgress => {
  const { status, total, moved, skipped, failed, takenBack, askAgainAt } = move;

  return { status, total, moved, skipped, failed, takenBack, askAgainAt: askAgainAt?.getTime() ?? null };
};

/** What a price move does outside its own rows: it asks subscriptions through their door. Remote, on subscription-svc. */
export function createPriceMoveActivities(parts: { database: Database; clock: Clock; temporal: Client }) {
  const { database, clock } = parts;

  /** A command to a subscription, in the name of the move. */
  const send = ({ companyId, id, command, commandId }: OfCompany & { command: RequestedCommand; commandId: string }) =>
    answerOf(
      () =>
        commandSubscription(parts, { companyId, id, command, commandId, until: clock.now().getTime() + answerWithin }),
      Context.current().info.attempt >= mostTries,
    );

  /** @returns the change that waits for the price of the move */
  async function ask(
    { companyId, priceMoveId }: OfMove,
    move: PriceMoveRow,
    { subscriptionId: id, tries }: ToAsk,
  ): Promise<number | null> {
    const { addonId, priceId, immediate, noticeDays, prorationBehavior: behavior } = move;
    const command = {
      type: 'change_price' as const,
      // One of a plan says nothing more than it ever did.
      ...(addonId === null ? {} : { addonId }),
      priceId,
      immediate,
      noticeDays,
      prorationBehavior: behavior ?? undefined,
    };
    // A refusal is the answer to its id for as long as the run of the subscription lasts.
    const commandId = `${priceMoveSubject(priceMoveId)}${tries === 0 ? '' : `/${tries}`}`;
    const { code, ...answer } = await send({ companyId, id, command, commandId });
    const again = move.status === 'running' ? askAgainAfter(code, tries) : null;

    return database.withTenantSql(companyId, async (tx) => {
      if (again !== null && answer.reason !== null) {
        const now = clock.now();
        const askAgainAt = new Date(now.getTime() + again);
        await notePostponed(tx, { priceMoveId, subscriptionId: id, reason: answer.reason, askAgainAt, now });

        return null;
      }
      const changeId = answer.status === 'moved' ? await findAnnouncedChange(tx, { move, subscriptionId: id }) : null;
      await noteMoved(tx, { priceMoveId, subscriptionId: id, ...answer, changeId, now: clock.now() });

      return changeId;
    });
  }

  async function takeBack(
    { companyId, priceMoveId }: OfMove,
    move: PriceMoveRow,
    { subscriptionId: id, changeId: known, tries }: ToTakeBack,
  ): Promise<void> {
    // Asked before the cancellation, and its answer was lost: asked again under the same id, it has one.
    const changeId = known ?? (await ask({ companyId, priceMoveId }, move, { subscriptionId: id, tries }));

    if (changeId === null) {
      return;
    }
    const { status, reason } = await send({
      companyId,
      id,
      command: { type: 'cancel_change', changeId },
      commandId: `${priceMoveSubject(priceMoveId)}/cancel`,
    });
    const became = { moved: 'taken_back', skipped: 'moved', failed: 'failed' } as const;
    await database.withTenantSql(companyId, (tx) =>
      noteTakenBack(tx, { priceMoveId, subscriptionId: id, status: became[status], reason, now: clock.now() }),
    );
  }

  return {
    /**
     * Asks the next ones of the list; of a move that is cancelled, takes the next changes back that wait. Ends the move when
     * nothing is left to do. One that is paused or over is left alone.
     */
    movePriceBatch: ({ companyId, priceMoveId }: OfMove): Promise<PriceMoveProgress> =>
      failForGood(async () => {
        const of = { companyId, priceMoveId };
        const read = <Result>(work: Parameters<typeof database.withTenantSql<Result>>[1]) =>
          database.withTenantSql(companyId, work);
        const move = await read((tx) => readPriceMove(tx, priceMoveId));

        if (move.status === 'running') {
          const claimed = await read((tx) => claimToAsk(tx, { priceMoveId, limit: batchSize, now: clock.now() }));
          await eachOf(claimed, (one) => ask(of, move, one));
        } else if (move.status === 'cancelling') {
          const waiting = await read((tx) => listToTakeBack(tx, { priceMoveId, limit: batchSize }));
          await eachOf(waiting, (one) => takeBack(of, move, one));
        } else {
          return progressOf(move);
        }

        return progressOf(await read((tx) => endPriceMove(tx, { id: priceMoveId, now: clock.now() })));
      }),
  };
}

/** Does the work of a batch. One that fails is thrown when none is under way any more: the batch is repeated. */
const eachOf = <One>(ones: readonly One[], work: (one: One) => Promise<unknown>): Promise<void> =>
  someAtATime(ones, atOnce, (one) => {
    Context.current().heartbeat();

    return work(one);
  });

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
): Promise<{ status: 'moved' | 'skipped' | 'failed'; code: ErrorCode | null; reason: string | null }> {
  try {
    await asking();

    return { status: 'moved', code: null, reason: null };
  } catch (error) {
    const refused = error instanceof AppError ? error : refusalOf(error, 'The subscription');

    if (refused === null || (refused.status >= 500 && refused.code !== 'internal' && !isLastTry)) {
      throw error;
    }

    const { code, status, message } = refused;

    return { status: status >= 500 ? 'failed' : 'skipped', code, reason: `${code}: ${message}` };
  }
}
