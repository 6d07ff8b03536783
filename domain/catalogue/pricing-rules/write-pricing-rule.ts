import type { Prisma, TenantTransaction } from '../../../platform/db/database';
import { readSettings } from '../../companies/setting-catalogue';
import { AppError } from '../../errors';
import { appendEvents } from '../../events/append-events';
import { foldForSearch, searchTextOf } from '../../search/search-rules';
import { changedFields } from '../change-rules';
import { assertProductsExist } from '../products/assert-products-exist';
import { assertEndsAfterStart, currencyAfter, toldChanges } from '../scope-rules';
import type { PricingRuleFields, PricingRuleRow } from './pricing-rule-row';
import { findPricingRule, lockPricingRule, readPricingRule } from './read-pricing-rule';

export type NewPricingRule = Pick<PricingRuleFields, 'name' | 'tiers'> &
  Partial<PricingRuleFields> & {
    /** Reserved beforehand, so that a repeat finds its own row (D2). */
    id: number;
  };
export type PricingRuleChanges = Partial<PricingRuleFields & Pick<PricingRuleRow, 'status'>>;

/**
 * Adds a pricing rule; it holds for orders from then on.
 * @param input.rule amounts in minor units; their currency is the company's unless one is named
 * @throws AppError validation_failed at /endsAt, /tiers/<index>/minQuantity, /appliesTo/productIds/<index>
 */
export async function createPricingRule(
  tx: TenantTransaction,
  input: { rule: NewPricingRule; now: Date },
): Promise<PricingRuleRow> {
  const { now } = input;
  const { id, ...given } = input.rule;
  const fields = await completeFields(tx, {
    description: null,
    currency: null,
    appliesTo: { productIds: [], categories: [], segments: [] },
    startsAt: null,
    endsAt: null,
    priority: 100,
    ...given,
  });
  const [created] = await tx.orm.pricingRule.createManyAndReturn({
    data: [{ id, companyId: tx.companyId, ...columnsOf(fields), createdAt: now, updatedAt: now }],
    skipDuplicates: true,
    select: { id: true },
  });

  if (created === undefined) {
    const own = await findPricingRule(tx, id);

    if (own === null) {
      throw new Error(`Pricing rule ${id} was neither made nor found.`);
    }

    return own;
  }

  const row = await readPricingRule(tx, id);
  await appendEvents(tx, {
    subject: `pricing_rule/${id}`,
    events: [{ type: 'pricing_rule.created', payload: pricingRulePayload(row) }],
    now,
  });

  return row;
}

/**
 * Changes a pricing rule, or archives it and brings it back (status). Orders keep the price they were placed with. Without
 * a real change nothing is written and no event is sent.
 * @throws AppError not_found; validation_failed at /currency, and as `createPricingRule`
 */
export async function updatePricingRule(
  tx: TenantTransaction,
  input: { id: number; changes: PricingRuleChanges; now: Date },
): Promise<PricingRuleRow> {
  const { id, now } = input;
  const before = await lockPricingRule(tx, id);
  const changes = changedFields<PricingRuleRow, PricingRuleChanges>(before, input.changes);
  const changed = Object.keys(changes);

  if (changed.length === 0) {
    return before;
  }
  assertAmountsFollowCurrency(before, input.changes);
  const { id: _id, createdAt: _made, updatedAt: _last, status, ...kept } = { ...before, ...changes };
  const fields = {
    ...kept,
    currency: currencyAfter(before.currency, {
      given: input.changes.currency,
      hadAmounts: hasAmounts(before.tiers),
      hasAmounts: hasAmounts(kept.tiers),
    }),
  };
  await tx.orm.pricingRule.update({
    where: { companyId_id: { companyId: tx.companyId, id } },
    data: { ...columnsOf(await completeFields(tx, fields)), status, updatedAt: now },
  });

  const after = await readPricingRule(tx, id);
  await appendEvents(tx, {
    subject: `pricing_rule/${id}`,
    events: [
      {
        type: 'pricing_rule.updated',
        payload: { ...pricingRulePayload(after), changed: toldChanges(changed, before, after) },
      },
    ],
    now,
  });

  return after;
}

function pricingRulePayload(row: PricingRuleRow): Record<string, unknown> {
  const { createdAt: _made, updatedAt: _changed, description: _words, ...told } = row;

  return { ...told, startsAt: told.startsAt?.toISOString() ?? null, endsAt: told.endsAt?.toISOString() ?? null };
}

const hasAmounts = (tiers: PricingRuleFields['tiers']): boolean =>
  tiers.some(({ reduction }) => reduction.kind !== 'percent');

/** The fields with the currency that amounts need; a rule without amounts holds for any. */
async function completeFields(tx: TenantTransaction, fields: PricingRuleFields): Promise<PricingRuleFields> {
  const { tiers, appliesTo } = fields;
  const unsorted = tiers.findIndex(({ minQuantity }, index) => minQuantity <= (tiers[index - 1]?.minQuantity ?? 0));

  if (unsorted !== -1) {
    throw new AppError('validation_failed', {
      field: `/tiers/${unsorted}/minQuantity`,
      detail: 'Each tier begins above the one before it.',
    });
  }
  assertEndsAfterStart(fields);
  await assertProductsExist(tx, appliesTo.productIds);

  return { ...fields, currency: fields.currency ?? (hasAmounts(tiers) ? (await readSettings(tx)).currency : null) };
}

function columnsOf({ appliesTo, tiers, ...fields }: PricingRuleFields) {
  return {
    ...fields,
    ...appliesTo,
    categoryTexts: appliesTo.categories.map(foldForSearch),
    tiers: tiers as Prisma.InputJsonArray,
    searchText: searchTextOf([fields.name, fields.description]),
  };
}

/** Minor units of one currency mean nothing in another: a new currency comes with its tiers. */
function assertAmountsFollowCurrency(before: PricingRuleRow, given: PricingRuleChanges): void {
  const isNew = given.currency !== undefined && given.currency !== before.currency;

  if (isNew && given.tiers === undefined && hasAmounts(before.tiers)) {
    throw new AppError('validation_failed', {
      field: '/currency',
      detail: 'Send the tiers together with their new currency.',
    });
  }
}
