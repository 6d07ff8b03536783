import {
  type CreditGrant,
  drawBack,
  drawToPay,
  expiredBy,
  type GrantDraw,
  remainingOf,
  withDraws,
} from '../account/credit-grant-rules';

/** An account's credit as its ledger says; minor units. */
export interface AccountCredit {
  readonly balance: number;
  /** Of the balance: what was given by hand and is left. */
  readonly grants: readonly CreditGrant[];
  /** What invoices have drawn from grants, which may be over by now. */
  readonly drawn: readonly (CreditGrant & { readonly invoiceId: number })[];
}

/** An account's credit on paper, moved by the rules that `enter-balance.ts` and `lock-account.ts` move the written one by. */
export class PaperCredit {
  private balance: number;
  private grants: readonly CreditGrant[];
  private drawn: AccountCredit['drawn'];

  constructor({ balance, grants, drawn }: AccountCredit) {
    this.balance = balance;
    this.grants = grants;
    this.drawn = drawn;
  }

  /** What can be used at an instant. */
  at(now: number): number {
    return this.balance - remainingOf(expiredBy(this.grants, now));
  }

  /** What has expired by an instant is gone. */
  expire(now: number): void {
    const expired = expiredBy(this.grants, now);
    this.balance -= remainingOf(expired);
    this.grants = this.grants.filter((grant) => !expired.includes(grant));
  }

  pay(invoiceId: number, amount: number): void {
    const draws = drawToPay(this.grants, amount);
    const drawn = draws.flatMap((draw) => this.drawnBy(draw).map((grant) => ({ ...grant, invoiceId })));
    this.balance -= amount;
    this.grants = withDraws(this.grants, draws);
    this.drawn = [...this.drawn, ...drawn];
  }

  /** What comes back of an invoice, or was received for it and stays here. */
  giveBack(invoiceId: number, amount: number): void {
    const of = this.drawn.filter((one) => one.invoiceId === invoiceId);
    const draws = drawBack(of, amount);
    const unknown = of.filter(({ grantId }) => !this.grants.some((grant) => grant.grantId === grantId));
    const known = [...this.grants, ...unknown.map((one) => ({ ...one, remaining: 0 }))];
    this.balance += amount;
    this.grants = withDraws(known, draws);
    this.drawn = this.drawn.map((one) =>
      one.invoiceId === invoiceId ? { ...one, remaining: one.remaining + amountOf(draws, one.grantId) } : one,
    );
  }

  private drawnBy({ grantId, amount }: GrantDraw): CreditGrant[] {
    return this.grants
      .filter((grant) => grant.grantId === grantId)
      .map(({ expiresAt }) => ({ grantId, expiresAt, remaining: amount }));
  }
}

/** Negative for what goes back. */
const amountOf = (draws: readonly GrantDraw[], grantId: number) =>
  draws.reduce((sum, draw) => (draw.grantId === grantId ? sum + draw.amount : sum), 0);
