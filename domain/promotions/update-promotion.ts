import type { TenantTransaction } from '../../platform/db/database';
import { changedFields } from '../catalogue/change-rules';
import { currencyAfter, toldChanges } from '../catalogue/scope-rules';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { columnsOf, completeFields, hasAmount, needsCurrency, promotionPayload } from './create-promotion';
import type { PromotionFields, PromotionRow } from './promotion-row';
import { lockPromotion, readPromotion } from './read-promotion';

export type PromotionChanges = Partial<PromotionFields & Pick<PromotionRow, 'status'>>;

/**
 * Changes a promotion, or archives it and brings it back (status). Orders keep the discount they were placed with, and
 * subscriptions the one that was applied; a limit may fall below what was used: then nobody uses it any more. Without a real change nothing is written and no event
 * is sent.
 * @throws AppError not_found; validation_failed at /currency, /endsAt, /appliesTo/productIds/<index>
 */
export async function updatePromotion(
  tx: TenantTransaction,
  input: { id: number; changes: PromotionChanges; now: Date },
): Promise<PromotionRow> {
  const { id, now } = input;
  const before = await lockPromotion(tx, id);
  const changes = changedFields<PromotionRow, PromotionChanges>(before, input.changes);
  const changed = Object.keys(changes);

  if (changed.length === 0) {
    return before;
  }
  assertAmountsFollowCurrency(before, input.changes);
  const { id: _id, used: _used, createdAt: _made, updatedAt: _last, status, ...kept } = { ...before, ...changes };
  const fields = {
    ...kept,
    currency: currencyAfter(before.currency, {
      given: input.changes.currency,
      hadAmounts: needsCurrency(before),
      hasAmounts: needsCurrency(kept),
    }),
  };
  await tx.orm.promotion.update({
    where: { companyId_id: { companyId: tx.companyId, id } },
    data: { ...columnsOf(await completeFields(tx, fields)), status, updatedAt: now },
  });

  const after = await readPromotion(tx, id);
  await appendEvents(tx, {
    subject: `promotion/${id}`,
    events: [
      {
        type: 'promotion.updated',
        payload: { ...promotionPayload(after), changed: toldChanges(changed, before, after) },
      },
    ],
    now,
  });

  return after;
}

/** Minor units of one currency mean nothing in another: a new currency comes with every amount there is. */
function assertAmountsFollowCurrency(before: PromotionRow, given: PromotionChanges): void {
  const isNew = given.currency !== undefined && given.currency !== before.currency;
  const keepsAmount =
    (given.discount === undefined && hasAmount(before.discount)) ||
    (given.minSubtotal === undefined && before.minSubtotal > 0);

  if (isNew && keepsAmount) {
    throw new AppError('validation_failed', {
      field: '/currency',
      detail: 'Send the discount and minSubtotal together with their new currency.',
    });
  }
}
