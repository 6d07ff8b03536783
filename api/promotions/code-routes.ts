import type { z } from 'zod';

import { AppError } from '../../domain/errors';
import { addCodes, type CodeWish } from '../../domain/promotions/add-codes';
import { viewCode } from '../../domain/promotions/code-row';
import { listCodes } from '../../domain/promotions/list-codes';
import type { ApiDependencies } from '../dependencies';
import { decodeCursor, pageOf, toPage } from '../http/pipeline/page';
import { defineRoute, employees, managers, type Route } from '../http/pipeline/route';
import { withCompanyZone } from '../http/pipeline/with-company-zone';
import { AddCodesRequest, CodeSchema, CodesSchema, idCursor, ListCodesQuery, PromotionParams } from './schemas';

const path = '/promotions/:id/codes';
const tag = 'Promotions';

/** The codes of a promotion: one that everybody uses, or many that are handed out. */
export function createPromotionCodeRoutes({ database }: ApiDependencies): Route[] {
  return [
    defineRoute({
      method: 'post',
      path,
      operationId: 'addPromotionCodes',
      summary: 'Add codes to a promotion',
      description:
        'One of a name (`code`), or many that nobody guesses (`count`, with a `prefix` where one is wanted). Codes are unique in the company; capitals do not matter.',
      tag,
      access: managers,
      params: PromotionParams,
      body: AddCodesRequest,
      responses: { 201: CodesSchema },
      errors: ['not_found', 'already_exists'],
      reserves: 'promotionCode',
      async handler({ params: { id }, body, companyId, reservedId, now }) {
        const wish = wishOf(body);
        const data = await withCompanyZone(database, companyId, async (tx, timeZone) => {
          const codes = await addCodes(tx, { promotionId: id, batch: reservedId, wish, now });

          return codes.map((code) => viewCode(code, timeZone));
        });

        return { status: 201, body: { data }, headers: { location: `/api/v1/promotions/${id}/codes` } };
      },
    }),
    defineRoute({
      method: 'get',
      path,
      operationId: 'listPromotionCodes',
      summary: 'List the codes of a promotion with their uses',
      tag,
      access: employees,
      params: PromotionParams,
      query: ListCodesQuery,
      responses: { 200: pageOf(CodeSchema) },
      errors: ['not_found'],
      async handler({ params: { id }, query: { limit, cursor }, companyId }) {
        const after = decodeCursor(idCursor, cursor) ?? 0;
        const page = await withCompanyZone(database, companyId, async (tx, timeZone) =>
          toPage(await listCodes(tx, { promotionId: id, after, limit: limit + 1 }), {
            limit,
            positionOf: (row) => row.id,
            view: (row) => viewCode(row, timeZone),
          }),
        );

        return { status: 200, body: page };
      },
    }),
  ];
}

/** @throws AppError validation_failed where it is neither one code nor many, or both */
function wishOf({ code, count, prefix, maxUses }: z.output<typeof AddCodesRequest>): CodeWish {
  if (code !== undefined && (count !== undefined || prefix !== undefined)) {
    throw new AppError('validation_failed', {
      field: count === undefined ? '/prefix' : '/count',
      detail: 'Send `code` for one of a name, or `count` for many.',
    });
  }

  if (code !== undefined) {
    return { kind: 'named', code, maxUses: maxUses ?? null };
  }

  if (count === undefined) {
    throw new AppError('validation_failed', { field: '/count', detail: 'Send `count`, or `code` for one of a name.' });
  }

  return { kind: 'generated', count, prefix: prefix ?? '', maxUses: maxUses === undefined ? 1 : maxUses };
}
