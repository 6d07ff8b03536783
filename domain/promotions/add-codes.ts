import { z } from 'zod';

import { dbInteger } from '../../platform/db/columns';
import { Prisma, type TenantSql } from '../../platform/db/database';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { codeColumns, CodeRow } from './code-row';
import { randomCode } from './random-code';
import { lockPromotion } from './read-promotion';

/** Codes in capitals. `maxUses` is of each; null: no limit but the promotion's. */
export type CodeWish =
  | { kind: 'named'; code: string; maxUses: number | null }
  | { kind: 'generated'; count: number; prefix: string; maxUses: number | null };

interface NewCodes {
  promotionId: number;
  /** Reserved beforehand, so that a repeat finds what it made (D2). */
  batch: number | null;
  wish: CodeWish;
  now: Date;
}

/**
 * Adds one code of a name, or many that nobody guesses, to a promotion. A repeat with the same batch returns what it made.
 * @throws AppError not_found; already_exists on /code
 */
export async function addCodes(tx: TenantSql, input: NewCodes): Promise<CodeRow[]> {
  const { promotionId, batch, now } = input;
  await lockPromotion(tx, promotionId);
  const made = batch === null ? [] : await readBatch(tx, promotionId, batch);

  if (made.length > 0) {
    return made;
  }
  const codes = await insertCodes(tx, input);
  await appendEvents(tx, {
    subject: `promotion/${promotionId}`,
    events: [{ type: 'promotion.updated', payload: { id: promotionId, changed: ['codes'], codesAdded: codes.length } }],
    now,
  });

  return codes;
}

/** The same of a promotion that is locked, or was made in this transaction, and without an event. @throws AppError already_exists on /code */
export async function insertCodes(tx: TenantSql, input: NewCodes): Promise<CodeRow[]> {
  const { promotionId, wish, now } = input;
  const batch = input.batch ?? (await nextBatch(tx));
  const insert = (codes: readonly string[]) =>
    tx.query(
      CodeRow,
      Prisma.sql`
        INSERT INTO product.promotion_codes AS c (company_id, promotion_id, code, max_uses, batch, created_at)
        SELECT ${tx.companyId}::bigint, ${promotionId}::bigint, w.code, ${wish.maxUses}::int, ${batch}::bigint, ${now}::timestamptz
          FROM unnest(${[...codes]}::text[]) AS w(code)
        ON CONFLICT (company_id, code) DO NOTHING RETURNING ${codeColumns}`,
    );

  if (wish.kind === 'generated') {
    const codes: CodeRow[] = [];

    // One that another code has already is left out by the statement: as good as never.
    while (codes.length < wish.count) {
      codes.push(...(await insert(Array.from({ length: wish.count - codes.length }, () => randomCode(wish.prefix)))));
    }

    return codes;
  }
  const codes = await insert([wish.code]);

  if (codes.length === 0) {
    throw new AppError('already_exists', {
      field: '/code',
      detail: `There is a code ${wish.code} already.`,
      params: { existingId: await promotionOf(tx, wish.code) },
    });
  }

  return codes;
}

function readBatch(tx: TenantSql, promotionId: number, batch: number): Promise<CodeRow[]> {
  return tx.query(
    CodeRow,
    Prisma.sql`SELECT ${codeColumns} FROM product.promotion_codes c
                WHERE c.company_id = ${tx.companyId}::bigint AND c.promotion_id = ${promotionId}::bigint AND c.batch = ${batch}::bigint ORDER BY c.id`,
  );
}

async function nextBatch(tx: TenantSql): Promise<number> {
  const [row] = await tx.query(Id, Prisma.sql`SELECT nextval('product.promotion_codes_id_seq') AS id`);

  return (row as z.output<typeof Id>).id;
}

async function promotionOf(tx: TenantSql, code: string): Promise<number | null> {
  const [row] = await tx.query(
    Id,
    Prisma.sql`SELECT promotion_id AS id FROM product.promotion_codes WHERE company_id = ${tx.companyId}::bigint AND code = ${code}`,
  );

  return row?.id ?? null;
}

const Id = z.object({ id: dbInteger });
