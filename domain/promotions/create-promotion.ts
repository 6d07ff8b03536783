import type { TenantTransaction } from '../../platform/db/database';
import { assertProductsExist } from '../catalogue/products/assert-products-exist';
import { assertEndsAfterStart, assertKnown } from '../catalogue/scope-rules';
import { readSettings } from '../companies/setting-catalogue';
import { AppError } from '../errors';
import { appendEvents } from '../events/append-events';
import { searchTextOf } from '../search/search-rules';
import { insertCodes } from './add-codes';
import type { PromotionFields, PromotionRow } from './promotion-row';
import { findPromotion, readPromotion } from './read-promotion';

export type NewPromotion = Pick<PromotionFields, 'name' | 'discount'> &
  Partial<PromotionFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id?: number;
    /** The one code that everybody uses, in capitals; more are added later. */
    code?: string | undefined;
  };

/**
 * Adds a promotion, with its code where one is given.
 * @param input.promotion amounts in minor units; their currency is the company's unless one is named
 * @throws AppError already_exists on /code; validation_failed at /appliesTo/<list>/<index>, /duration, /endsAt
 */
export async function createPromotion(
  tx: TenantTransaction,
  input: { promotion: NewPromotion; now: Date },
): Promise<PromotionRow> {
  const { now } = input;
  const { id, code, ...given } = input.promotion;
  const fields = await completeFields(tx, {
    description: null,
    currency: null,
    minSubtotal: 0,
    duration: { kind: 'once' },
    appliesTo: { productIds: [], categories: [], planIds: [], addonKeys: [] },
    startsAt: null,
    endsAt: null,
    maxUses: null,
    maxUsesPerCustomer: null,
    priority: 100,
    isCombinable: false,
    ...given,
  });
  const [created] = await tx.orm.promotion.createManyAndReturn({
    data: [
      {
        ...(id === undefined ? {} : { id }),
        companyId: tx.companyId,
        ...columnsOf(fields),
        createdAt: now,
        updatedAt: now,
      },
    ],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    const own = id === undefined ? null : await findPromotion(tx, id);

    if (own === null) {
      throw new Error(`Promotion ${id} was neither made nor found.`);
    }

    return own;
  }

  const row = await readPromotion(tx, Number(created.id));
  await appendEvents(tx, {
    subject: `promotion/${row.id}`,
    events: [{ type: 'promotion.created', payload: promotionPayload(row) }],
    now,
  });

  if (code !== undefined) {
    await insertCodes(tx, { promotionId: row.id, batch: null, wish: { kind: 'named', code, maxUses: null }, now });
  }

  return row;
}

/** What promotion.created and promotion.updated tell. */
export function promotionPayload(row: PromotionRow): Record<string, unknown> {
  const { createdAt: _made, updatedAt: _changed, used: _used, description: _words, ...told } = row;

  return { ...told, startsAt: told.startsAt?.toISOString() ?? null, endsAt: told.endsAt?.toISOString() ?? null };
}

/** The fields with the currency that amounts need. @throws AppError validation_failed at the field that cannot be */
export async function completeFields(tx: TenantTransaction, fields: PromotionFields): Promise<PromotionFields> {
  const { discount, duration, appliesTo } = fields;
  assertEndsAfterStart(fields);

  if (discount.kind === 'trial' && duration.kind !== 'once') {
    throw new AppError('validation_failed', { field: '/duration', detail: 'A trial is given once.' });
  }
  await assertProductsExist(tx, appliesTo.productIds);
  await assertPlansExist(tx, appliesTo.planIds);
  await assertAddonsExist(tx, appliesTo.addonKeys);

  return {
    ...fields,
    currency: fields.currency ?? (needsCurrency(fields) ? (await readSettings(tx)).currency : null),
  };
}

/** Whether a promotion holds minor units of some currency, in its discount or as the least that is bought. */
export function needsCurrency({ discount, minSubtotal }: Pick<PromotionFields, 'discount' | 'minSubtotal'>): boolean {
  return hasAmount(discount) || minSubtotal > 0;
}

/** Whether a discount holds minor units of some currency. */
export function hasAmount(discount: PromotionFields['discount']): boolean {
  return discount.kind === 'amount' || (discount.kind === 'percent' && discount.most !== null);
}

/** The columns of what a company says of it. */
export function columnsOf({ discount, duration, appliesTo, ...fields }: PromotionFields) {
  const percent = discount.kind === 'percent' ? discount : null;
  const trial = discount.kind === 'trial' ? discount : null;

  return {
    ...fields,
    ...appliesTo,
    kind: discount.kind,
    ratePpm: percent?.ratePpm ?? null,
    basis: percent?.basis ?? null,
    most: percent?.most ?? null,
    amount: discount.kind === 'amount' ? discount.amount : null,
    trialDays: trial?.days ?? null,
    isTrialOnTop: trial?.isOnTop ?? null,
    duration: duration.kind,
    durationPeriods: duration.kind === 'periods' ? duration.count : null,
    searchText: searchTextOf([fields.name, fields.description]),
  };
}

async function assertPlansExist(tx: TenantTransaction, planIds: readonly number[]): Promise<void> {
  if (planIds.length > 0) {
    const rows = await tx.orm.plan.findMany({ where: { id: { in: [...planIds] } }, select: { id: true } });
    assertKnown(planIds, (id) => rows.some((row) => Number(row.id) === id), { list: 'planIds', name: 'plan' });
  }
}

async function assertAddonsExist(tx: TenantTransaction, addonKeys: readonly string[]): Promise<void> {
  if (addonKeys.length > 0) {
    const rows = await tx.orm.addon.findMany({
      where: { key: { in: [...addonKeys] } },
      select: { key: true },
    });
    const isKnown = (key: string) => rows.some((row) => row.key === key);
    assertKnown(addonKeys, isKnown, { list: 'addonKeys', name: 'add-on' });
  }
}
