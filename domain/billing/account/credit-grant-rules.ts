/**
 * Credit that was given by a person and may expire (D21). It is part of the balance; what is over of the balance is money
 * that was received. Amounts are minor units, instants epoch milliseconds.
 */

export interface CreditGrant {
  readonly grantId: number;
  readonly remaining: number;
  /** The instant from which it pays nothing any more; null: it does not expire. */
  readonly expiresAt: number | null;
}

/** What is taken from a grant; negative: given back to it. */
export interface GrantDraw {
  readonly grantId: number;
  readonly amount: number;
}

/** Pays an amount: what expires first is used first, and what was given before money that was received. */
export function drawToPay(grants: readonly CreditGrant[], amount: number): GrantDraw[] {
  return takeFrom(grants.toSorted(byExpiry), amount);
}

/**
 * Takes an amount out of the balance for good (paid out, refunded): money that was received first, then what expires last, so
 * that nobody is paid out what was to expire and keeps the rest for ever.
 */
export function drawToLeave(grants: readonly CreditGrant[], balance: number, amount: number): GrantDraw[] {
  return takeFrom(
    grants.toSorted((left, right) => byExpiry(right, left)),
    amount - Math.max(0, balance - remainingOf(grants)),
  );
}

/**
 * What comes back of an invoice or payment goes back to the grants that it was taken from, what expires last first; only
 * what is over is credit for good.
 * @param drawn by that invoice or payment, and not given back yet
 */
export function drawBack(drawn: readonly CreditGrant[], amount: number): GrantDraw[] {
  return takeFrom(
    drawn.toSorted((left, right) => byExpiry(right, left)),
    amount,
  ).map(({ grantId, amount: back }) => ({
    grantId,
    amount: -back,
  }));
}

/** Grants that something is left of and that are over at an instant; one ends at its instant, not after it. */
export function expiredBy<Grant extends CreditGrant>(grants: readonly Grant[], now: number): Grant[] {
  return grants.filter(({ expiresAt, remaining }) => remaining > 0 && expiresAt !== null && expiresAt <= now);
}

/** What is left of grants together. */
export function remainingOf(grants: readonly Pick<CreditGrant, 'remaining'>[]): number {
  return grants.reduce((sum, { remaining }) => sum + remaining, 0);
}

/** Grants after some draws. */
export function withDraws(grants: readonly CreditGrant[], draws: readonly GrantDraw[]): CreditGrant[] {
  return grants.map((grant) => ({
    ...grant,
    remaining: draws.reduce(
      (left, draw) => (draw.grantId === grant.grantId ? left - draw.amount : left),
      grant.remaining,
    ),
  }));
}

function takeFrom(grants: readonly CreditGrant[], amount: number): GrantDraw[] {
  let left = amount;

  return grants.flatMap(({ grantId, remaining }) => {
    const taken = Math.max(0, Math.min(left, remaining));
    left -= taken;

    return taken === 0 ? [] : [{ grantId, amount: taken }];
  });
}

/** What does not expire comes last. */
function byExpiry(left: CreditGrant, right: CreditGrant): number {
  if (left.expiresAt !== right.expiresAt) {
    return (left.expiresAt ?? Infinity) - (right.expiresAt ?? Infinity);
  }

  return left.grantId - right.grantId;
}
