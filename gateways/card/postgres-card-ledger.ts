import { z } from 'zod';
import { dbInstant, dbInteger } from '../../platform/db/columns';
import { databaseErrorCode, Prisma, type SystemConnection } from '../../platform/db/database';
import { type CardCharge, type CardLedger, type CardRefund } from './card-ledger';
import { CARD_OUTCOMES } from './card-rules';

const UNIQUE_VIOLATION = '23505';

const ChargeRow = z
  .object({
    idempotency_key: z.string(),
    token: z.string(),
    amount: dbInteger,
    network_amount: dbInteger,
    currency: z.string(),
    outcome: z.enum(CARD_OUTCOMES),
    transaction_id: z.string(),
    created_at: dbInstant,
  })
  .transform((row): CardCharge => ({
    key: row.idempotency_key,
    account: row.token,
    amount: row.amount,
    networkAmount: row.network_amount,
    currency: row.currency,
    outcome: row.outcome,
    transactionId: row.transaction_id,
    at: row.created_at.toISOString(),
  }));

const RefundRow = z
  .object({
    idempotency_key: z.string(),
    transaction_id: z.string(),
    amount: dbInteger,
    network_amount: dbInteger,
    created_at: dbInstant,
  })
  .transform((row): CardRefund => ({
    key: row.idempotency_key,
    transactionId: row.transaction_id,
    amount: row.amount,
    networkAmount: row.network_amount,
    at: row.created_at.toISOString(),
  }));

const AwayRow = z.object({ away: z.boolean() });
const CountRow = z.object({ charges: dbInteger });

/**
 * The ledger in `sandbox.card_charges` and `sandbox.card_refunds`. Every change is one statement, so a process that
 * dies leaves either all of it or nothing. `attempts` counts how often a key was asked for.
 */
export function createPostgresCardLedger(database: SystemConnection): CardLedger {
  return {
    async isAway(subject, at) {
      const [row] = await database.query(
        AwayRow,
        Prisma.sql`SELECT EXISTS (SELECT FROM sandbox.card_outages WHERE subject = ${subject} AND ${new Date(at)} >= starts_at AND ${new Date(at)} < ends_at) AS away`,
      );

      return row?.away === true;
    },

    async countCharges(account) {
      const [row] = await database.query(
        CountRow,
        Prisma.sql`SELECT count(*) AS charges FROM sandbox.card_charges WHERE token = ${account}`,
      );

      return row?.charges ?? 0;
    },

    async recordCharge(charge) {
      const [row] = await database.query(
        ChargeRow,
        Prisma.sql`
          INSERT INTO sandbox.card_charges AS charge
                 (idempotency_key, token, amount, network_amount, currency, outcome, transaction_id, attempts, created_at)
          VALUES (${charge.key}, ${charge.account}, ${BigInt(charge.amount)}, ${BigInt(charge.networkAmount)}, ${charge.currency}, ${charge.outcome},
                  ${charge.transactionId}, 1, ${new Date(charge.at)})
          ON CONFLICT (idempotency_key) DO UPDATE SET attempts = charge.attempts + 1
          RETURNING *`,
      );

      return rowOf(row);
    },

    async settleCharge(key) {
      const [row] = await database.query(
        ChargeRow,
        Prisma.sql`
          UPDATE sandbox.card_charges
             SET outcome = CASE outcome WHEN 'pending' THEN 'success' ELSE outcome END
           WHERE idempotency_key = ${key}
          RETURNING *`,
      );

      return row ?? null;
    },

    recordRefund: (refund) => recordRefund(database, refund),
  };
}

async function recordRefund(database: SystemConnection, refund: CardRefund): Promise<CardRefund | null> {
  const findRefund = async (): Promise<CardRefund | null> => {
    const [row] = await database.query(
      RefundRow,
      Prisma.sql`SELECT * FROM sandbox.card_refunds WHERE idempotency_key = ${refund.key}`,
    );

    return row ?? null;
  };

  try {
    const [row] = await database.query(
      RefundRow,
      Prisma.sql`
        WITH charge AS (
          UPDATE sandbox.card_charges
             SET refunded_amount = refunded_amount + ${BigInt(refund.amount)}
           WHERE transaction_id = ${refund.transactionId}
             AND outcome = 'success'
             AND refunded_amount + ${BigInt(refund.amount)} <= amount
             AND NOT EXISTS (SELECT FROM sandbox.card_refunds WHERE idempotency_key = ${refund.key})
          RETURNING transaction_id
        )
        INSERT INTO sandbox.card_refunds (idempotency_key, transaction_id, amount, network_amount, created_at)
        SELECT ${refund.key}, transaction_id, ${BigInt(refund.amount)}, ${BigInt(refund.networkAmount)}, ${new Date(refund.at)} FROM charge
        RETURNING *`,
    );

    return row ?? (await findRefund());
  } catch (error) {
    // Two calls with one key at once: the second one's statement was undone as a whole, and the first one's answer holds.
    if (databaseErrorCode(error) === UNIQUE_VIOLATION) {
      return findRefund();
    }
    throw error;
  }
}

function rowOf<Row>(row: Row | undefined): Row {
  if (row === undefined) {
    throw new Error('The card ledger returned no row for an insert.');
  }

  return row;
}
