import type { Clock } from '../platform/clock';
import type { Database } from '../platform/db/database';
import type { PaymentGateways } from '../domain/payments/payment-gateway';
import { readPayment } from '../domain/payments/read-payment';
import type { PaymentOutcome } from '../domain/payments/record-outcome';
import { createSubscription, type CreateSubscription } from '../domain/subscriptions/steps/create-subscription';
import { noteRejection } from '../domain/subscriptions/commands/note-rejection';
import { postponeAsking } from '../domain/payments/ask-later';
import {
  runSubscription,
  type SubscriptionRun,
  type SubscriptionWork,
} from '../domain/subscriptions/steps/run-subscription';
import { AppError } from '../domain/errors';
import type { RequestedCommand } from '../domain/subscriptions/commands/subscription-command-schema';
import { answerOutcome, failForGood, type StepResult } from './answer-outcome';
import { askForCharge } from './charge-payment';

interface OfSubscription {
  companyId: number;
  subscriptionId: number;
}

/** Steps that one call may make up for; the workflow asks again for what is left. */
const mostSteps = 50;

/** Database steps of the subscription workflow, run as local activities: each a transaction of its own. */
export function createSubscriptionActivities(options: {
  database: Database;
  gateways: PaymentGateways;
  clock: Clock;
  installation: string;
  /** Absent: those of one instant are woken at once. */
  renewalsPerSecond?: number;
}) {
  const { database, gateways, clock, renewalsPerSecond } = options;
  const step = (
    { companyId, subscriptionId }: OfSubscription,
    work: SubscriptionWork,
    told?: PaymentOutcome,
  ): Promise<SubscriptionRun> =>
    database.withTenantSql(companyId, (tx) =>
      runSubscription(tx, { subscriptionId, work, told }, { gateways, now: clock.now(), renewalsPerSecond }),
    );

  /**
   * Everything that is due, in its order; on a test clock the charges too, which are simulated there (D26).
   * @param goesOn what is due may be refused: then this is as far as it gets
   */
  async function catchUp(of: OfSubscription, latest: SubscriptionRun, goesOn = false): Promise<SubscriptionRun> {
    let run = latest;

    for (let steps = 0; steps < mostSteps; steps += 1) {
      const charge = run.standing.isOnClock ? (run.charge ?? firstCharge(run)) : null;

      if (charge === null && !run.isMoreDue) {
        return run;
      }
      const next = charge === null ? await due(of, goesOn) : await chargeOnClock(of, charge, new Date(run.now));

      if (next === null) {
        return run;
      }
      run = {
        ...next,
        paymentId: run.paymentId,
        charge: charge === null ? run.charge : null,
        refundDue: next.refundDue ?? run.refundDue,
      };
    }

    return run;
  }

  /** @returns null when it is refused and `goesOn` */
  async function due(of: OfSubscription, goesOn: boolean): Promise<SubscriptionRun | null> {
    try {
      return await step(of, { kind: 'due' });
    } catch (error) {
      if (goesOn && error instanceof AppError) {
        return null;
      }
      throw error;
    }
  }

  async function chargeOnClock(
    of: OfSubscription,
    { paymentId, token }: { paymentId: number; token: string | null },
    now: Date,
  ): Promise<SubscriptionRun> {
    const { companyId } = of;
    const payment = await readPayment(database.eachAlone(companyId), paymentId);
    const told = payment === null ? undefined : await askForCharge(options, { payment, token, now });

    if (told === 'unknown') {
      await database.withTenantSql(companyId, (tx) => postponeAsking(tx, { paymentId, now }));
    }

    return step(of, { kind: 'payment', paymentId }, typeof told === 'string' ? undefined : told);
  }

  return {
    createSubscription: ({
      companyId,
      ...input
    }: CreateSubscription & { companyId: number }): Promise<StepResult<SubscriptionRun>> =>
      answerOutcome(async () => {
        const created = await database.withTenantSql(companyId, (tx) =>
          createSubscription(tx, input, { gateways, now: clock.now() }),
        );

        const { deadline } = created.standing;

        // A trial of two days is told to end at once.
        return catchUp(
          { companyId, subscriptionId: input.subscriptionId },
          {
            ...created,
            isMoreDue: deadline !== null && deadline.at <= created.now,
            hasRun: true,
            paymentId: null,
            charge: null,
            refundDue: null,
            campaign: null,
          },
        );
      }),

    /** @param isBeginning of a run, which begins where its row is although what is due may be refused; it asks again later */
    runSubscription: async ({
      work,
      isBeginning = false,
      ...of
    }: OfSubscription & { work: SubscriptionWork; isBeginning?: boolean }): Promise<StepResult<SubscriptionRun>> => {
      const outcome = await answerOutcome(async () => {
        // What time has brought comes before what somebody asks for now.
        const goesOn = isIndependentOfTime(work);
        const first = await due(of, goesOn);
        const before = first === null ? null : await catchUp(of, first, goesOn);

        return work.kind === 'due' && before !== null ? before : catchUp(of, await step(of, work), goesOn);
      });

      return isBeginning && outcome.kind === 'refused' ? answerOutcome(() => step(of, { kind: 'look' })) : outcome;
    },

    noteRejection: ({ companyId, ...input }: OfSubscription & { message: string; reason: string }): Promise<void> =>
      failForGood(() => database.withTenantSql(companyId, (tx) => noteRejection(tx, { ...input, now: clock.now() }))),
  };
}

export type SubscriptionActivities = ReturnType<typeof createSubscriptionActivities>;

const independent: readonly RequestedCommand['type'][] = [
  'cancel',
  'set_payment_method',
  'pay_invoice',
  'record_payment',
  'void_invoice',
  'credit_invoice',
];

/** Whether it makes sense although what time has brought is refused; it may be what mends that. */
function isIndependentOfTime(work: SubscriptionWork): boolean {
  return work.kind === 'payment' || (work.kind === 'command' && independent.includes(work.command.type));
}

function firstCharge({ standing }: SubscriptionRun): { paymentId: number; token: null } | null {
  const [paymentId] = standing.charges;

  return paymentId === undefined ? null : { paymentId, token: null };
}
