import type { ApiDependencies } from '../dependencies';
import { employees, managers, type Route } from '../http/pipeline/route';
import { type Change, changeRoute } from './change-route';

/** What may be asked of a subscription (S199, S200). `?preview=true` answers what it would bill, and changes nothing. */
export function createSubscriptionChangeRoutes(deps: ApiDependencies): Route[] {
  const change = (asked: Change) => changeRoute(deps, asked);

  return [
    change({
      type: 'cancel',
      path: 'cancel',
      operationId: 'cancelSubscription',
      summary: 'Cancel a subscription, at once or at the end of its period',
      errors: [],
    }),
    change({
      type: 'pause',
      path: 'pause',
      operationId: 'pauseSubscription',
      summary: 'Pause a subscription: no service, no invoices, until it is resumed',
      errors: [],
    }),
    change({
      type: 'resume',
      path: 'resume',
      operationId: 'resumeSubscription',
      summary: 'Resume a paused subscription',
      errors: ['already_billed'],
    }),
    change({
      type: 'reactivate',
      path: 'reactivate',
      operationId: 'reactivateSubscription',
      summary: 'Take back a cancellation for the end of the period',
      errors: [],
    }),
    change({
      type: 'change_plan',
      path: 'change-plan',
      operationId: 'changeSubscriptionPlan',
      summary: 'Change the plan or the quantity',
      description:
        'Prorated now, or at the end of the period. A change back to the plan it has takes a scheduled change back.',
      errors: [
        'plan_not_found',
        'plan_unavailable',
        'meter_billed_elsewhere',
        'price_not_in_currency',
        'no_change',
        'subscription_past_due',
        'charge_in_flight',
        'proration_date_expired',
        'proration_unavailable',
        'already_billed',
      ],
    }),
    change({
      type: 'change_price',
      path: 'change-price',
      operationId: 'changeSubscriptionPrice',
      summary: 'Give it another price of its plan, or of an add-on that it has',
      description:
        'At its renewal, which an add-on (`addonId`) has of its own, or now and billed as the company has it for changes of plan (else by `prorationBehavior`); with notice, not before that many days. A renewal that is invoiced already keeps its price. The price it has takes back one that waits.',
      errors: [
        'currency_mismatch',
        'price_not_in_currency',
        'no_change',
        'subscription_past_due',
        'charge_in_flight',
        'proration_unavailable',
        'already_billed',
      ],
      access: managers,
    }),
    change({
      type: 'set_phases',
      path: 'phases',
      operationId: 'setSubscriptionPhases',
      summary: 'Agree on prices and seats of periods to come',
      description:
        'A ramp, or several changes that are known already: each from the end of so many periods of the plan on. They take the place of those that wait, and are shown as `waitingChanges`. They end with the plan; a renewal that is invoiced already is issued again.',
      errors: ['no_change', 'already_billed'],
      access: managers,
    }),
    change({
      type: 'cancel_change',
      path: 'cancel-change',
      operationId: 'cancelSubscriptionChange',
      summary: 'Take back one change that waits',
      description:
        'Of plan, seats, price, a cancellation or a pause: the others go on waiting. A change of price is taken back by employees.',
      errors: ['already_billed'],
    }),
    change({
      type: 'set_payment_terms',
      path: 'payment-terms',
      operationId: 'setSubscriptionPaymentTerms',
      summary: 'Choose after how many days invoices that are sent are due',
      description: 'For invoices from now on; those that are issued keep their due date. Dunning follows it.',
      errors: ['no_change'],
      access: managers,
    }),
    change({
      type: 'set_usage_threshold',
      path: 'usage-threshold',
      operationId: 'setSubscriptionUsageThreshold',
      summary: 'Choose at what amount of unbilled usage it is invoiced at once',
      description:
        'The end of the period bills the difference. Of meters whose price may still fall, by their last value or by volume, nothing is billed early. What is used already counts.',
      errors: ['no_change'],
      access: managers,
    }),
    change({
      type: 'change_trial',
      path: 'trial',
      operationId: 'changeSubscriptionTrial',
      summary: 'Extend, shorten or end the trial of a subscription',
      description:
        'The first paid period begins where the trial ends. At most 730 days ahead, and within the term of the subscription.',
      errors: ['no_change', 'invalid_date_sequence', 'already_billed'],
      access: employees,
    }),
    change({
      type: 'pause_collection',
      path: 'pause-collection',
      operationId: 'pauseSubscriptionCollection',
      summary: 'Pause the collection of a subscription: service and billing go on, nobody is asked to pay',
      description:
        'Of what is billed from now on; what was billed before is asked for as ever. Invoices are made at the beginning of their periods, are not charged, sent or paid by account credit, and bring no dunning. Asked again, with another behavior or end, those count from then on.',
      errors: ['no_change', 'invalid_date_sequence'],
      access: managers,
    }),
    change({
      type: 'resume_collection',
      path: 'resume-collection',
      operationId: 'resumeSubscriptionCollection',
      summary: 'Resume the collection of a subscription',
      description: 'Drafts that were kept get their numbers, and are due from now on.',
      errors: [],
      access: managers,
    }),
    change({
      type: 'set_payment_method',
      path: 'payment-method',
      operationId: 'setSubscriptionPaymentMethod',
      summary: 'Choose the saved method that renewals are charged to',
      description:
        'What is asked for already and not paid is charged to it at once: the first invoice, add-ons that wait for their payment, and what dunning is about, also where the charge before it failed for good or was the last try. What was sent is charged at its due date.',
      errors: ['payment_method_unavailable', 'currency_mismatch'],
    }),
  ];
}
