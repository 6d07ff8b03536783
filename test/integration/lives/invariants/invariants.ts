import { addonInvariants } from './addons';
import { collectionInvariants } from './collection';
import { entitlementInvariants } from './entitlements';
import type { InvariantContext, Violation } from './known';
import { moneyInvariants } from './money';
import { saleInvariants } from './sales';
import { serviceInvariants } from './service';
import { standingInvariants } from './standing';
import { tellingInvariants } from './telling';
import { topUpInvariants } from './top-ups';

const invariants = [
  ...moneyInvariants,
  ...serviceInvariants,
  ...addonInvariants,
  ...saleInvariants,
  ...topUpInvariants,
  ...collectionInvariants,
  ...standingInvariants,
  ...entitlementInvariants,
  ...tellingInvariants,
];

/** Every rule that does not hold of what stands. */
export function violations(context: InvariantContext): Violation[] {
  return invariants.flatMap(({ rule, holds }) => holds(context).map((shown) => ({ rule, shown })));
}
