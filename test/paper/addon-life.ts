import { defaultSettings } from '../../domain/companies/setting-catalogue';
import { decideCommand } from '../../domain/subscriptions/commands/command-decider';
import { activateAddons } from '../../domain/subscriptions/lifecycle/addon-rules';
import type { EffectOf, SubscriptionCommand } from '../../domain/subscriptions/lifecycle/decision-types';
import { addonsOf } from '../../domain/subscriptions/lifecycle/item-rules';
import { decideStart } from '../../domain/subscriptions/lifecycle/start-decider';
import { subscriptionPolicy } from '../../domain/subscriptions/lifecycle/subscription-policy';
import type {
  AddonTerms,
  AgreedTerms,
  PeriodicAddonTerms,
} from '../../domain/subscriptions/lifecycle/subscription-types';
import { unbegunSubscription } from '../../domain/subscriptions/row/subscription-row';
import { PaidLife } from './paid-life';

/** 10:00 in Ho Chi Minh City. */
export const start = Date.parse('2026-03-01T03:00:00Z');
export const day = 86_400_000;
export const settled = subscriptionPolicy(defaultSettings);
export const plan: AgreedTerms = { planId: 1, planName: 'Pro', amount: 100, billingCycle: 'monthly' };
export const storage: PeriodicAddonTerms = {
  addonId: 5,
  addonKey: 'storage',
  addonName: 'Storage',
  amount: 50,
  billingCycle: 'monthly',
};
/** Of the purchase. */
export const key = 'addon/7';

/** One with an add-on; its time is counted in days from the start. */
export class AddonLife extends PaidLife {
  live(days: number): void {
    this.pass(start + days * day);
  }

  ask(command: SubscriptionCommand, days: number): void {
    this.follow(decideCommand(this.state, command, this.policy, start + days * day));
  }

  get addon() {
    return addonsOf(this.state).find((item) => item.key === key);
  }

  /** What is billed of the add-on, in the order of its invoices. */
  get lines() {
    return this.effects.flatMap((effect) =>
      effect.type === 'issue' ? effect.lines.filter(({ item }) => item === key) : [],
    );
  }

  told(name: string): EffectOf<'event'>[] {
    return this.effects.filter(
      (effect): effect is EffectOf<'event'> => effect.type === 'event' && effect.name === name,
    );
  }
}

/** @param bought days after the start at which the add-on is bought; null: with the plan */
export function begin({
  bought = 10,
  terms = storage,
  planTerms = plan,
  trialDays = 0,
  policy = settled,
  quantity = 1,
}: {
  bought?: number | null;
  terms?: AddonTerms;
  planTerms?: AgreedTerms;
  trialDays?: number;
  policy?: typeof settled;
  quantity?: number;
} = {}): AddonLife {
  const agreed = { currency: 'VND', timeZone: 'Asia/Ho_Chi_Minh', quantity: 1, anchorDay: null, endsAt: null };
  const unbegun = unbegunSubscription(planTerms, { ...agreed, billingTiming: 'in_advance', renewalLeadDays: 3 });
  const wanted = { key, terms, quantity } as const;
  const life = new AddonLife(unbegun, policy);
  life.follow(decideStart(unbegun, { trialDays, addons: bought === null ? [wanted] : [] }, policy, start));
  life.state = { ...life.state, activatedAt: trialDays > 0 ? null : start };

  if (bought !== null) {
    life.live(bought);
    life.ask({ type: 'add_addons', addons: [wanted] }, bought);
  }
  life.state = activateAddons(life.state, [key], start + (bought ?? 0) * day).state;

  return life;
}
