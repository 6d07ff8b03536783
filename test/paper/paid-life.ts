import type { Decision, EffectOf, SubscriptionEffect } from '../../domain/subscriptions/lifecycle/decision-types';
import { decideDue } from '../../domain/subscriptions/lifecycle/due-decider';
import { withInvoice } from '../../domain/subscriptions/lifecycle/subscription-invoice-rules';
import type { Subscription, SubscriptionPolicy } from '../../domain/subscriptions/lifecycle/subscription-types';
import { nextDeadline } from '../../domain/subscriptions/schedule/subscription-deadline-rules';

/** A subscription whose invoices are all paid at once, without a database. */
export class PaidLife {
  readonly effects: SubscriptionEffect[] = [];
  private invoices = 0;

  constructor(
    public state: Subscription,
    protected readonly policy: SubscriptionPolicy,
  ) {}

  follow({ state, effects }: Decision): void {
    this.effects.push(...effects);
    this.state = effects.reduce((seen, effect) => {
      if (effect.type !== 'issue') {
        return seen;
      }
      this.invoices += 1;
      const invoice = { invoiceId: this.invoices, startsAt: null, dueAt: effect.dueAt, isUnpaid: false };

      return effect.as.role === 'ahead' ? withInvoice(seen, invoice, effect.as) : seen;
    }, state);
  }

  /** Whatever is due up to an instant, in its order. */
  pass(until: number, policy = this.policy): void {
    for (let next = nextDeadline(this.state); next !== null && next.at <= until; next = nextDeadline(this.state)) {
      this.follow(decideDue(this.state, policy, next.at) as Decision);
    }
  }

  get issued(): EffectOf<'issue'>[] {
    return this.effects.filter((effect) => effect.type === 'issue');
  }
}
