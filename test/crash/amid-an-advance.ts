import { setTimeout as delay } from 'node:timers/promises';

import { asOwner, queryAsOwner } from '../environment/admin';
import type { BilledCompany } from './billed-company';
import { findDamage } from './find-damage';
import { findWrongStates } from './find-wrong-states';
import type { Part, RunningShop } from './running-shop';

const arrivesWithinMs = 120_000;
const settledWithinMs = 60_000;

/** How far the advance of a company's clock is. */
export interface Progress {
  /** Invoices, drafts included. */
  made: number;
  drafts: number;
  /** Subscriptions whose collection goes on again. */
  resumed: number;
  clock: string;
}

const progress = `
  SELECT (SELECT count(*)::int FROM finance.invoices WHERE company_id = k.company_id) AS made,
         (SELECT count(*)::int FROM finance.invoices WHERE company_id = k.company_id AND status = 'draft') AS drafts,
         (SELECT count(*)::int FROM platform.events WHERE company_id = k.company_id AND type = 'subscription.collection.resumed') AS resumed,
         k.status AS clock
    FROM ordering.test_clocks k WHERE k.company_id = $1 AND k.id = $2`;

/** Kills the part as soon as the advance is so far. @returns how far it was, read right before and nothing after it */
export async function killOnce(
  { shop, part }: { shop: RunningShop; part: Part },
  company: BilledCompany,
  isThere: (seen: Progress) => boolean,
): Promise<Progress> {
  return asOwner(shop.adminUrl, async (client) => {
    // PostgreSQL takes this connection along when it dies.
    client.on('error', () => undefined);

    for (const until = performance.now() + arrivesWithinMs; performance.now() < until; await delay(20)) {
      const { rows } = await client.query<Progress>(progress, [company.companyId, company.clockId]);
      const [seen] = rows;

      if (seen !== undefined && isThere(seen)) {
        shop.kill(part);

        return seen;
      }
    }

    throw new Error('The clock did not get so far.');
  }).catch((error: unknown) => {
    throw new Error('The kill did not come about.', { cause: error });
  });
}

/** Events are published after what they tell of. @returns what is wrong with the books all the same */
export async function untilSound(shop: RunningShop, { companyId }: BilledCompany): Promise<string[]> {
  for (const until = performance.now() + settledWithinMs; ; await delay(250)) {
    const damage = await findDamage({ adminUrl: shop.adminUrl, companyId });

    if (damage.length === 0 || performance.now() > until) {
      return damage;
    }
  }
}

/** Subscriptions that are not over need their workflow, and only they. */
export async function findLostWorkflows(shop: RunningShop, { companyId }: BilledCompany): Promise<string[]> {
  const rows = await queryAsOwner<{ id: string; is_over: boolean }>(
    shop.adminUrl,
    'SELECT id, next_deadline_at IS NULL AS is_over FROM ordering.subscriptions WHERE company_id = $1 ORDER BY id',
    [companyId],
  );

  return findWrongStates(
    shop,
    rows.map(({ id, is_over: isOver }) => ({ workflowId: `subscription/${id}`, isOver })),
  );
}
