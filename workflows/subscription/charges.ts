import { log } from '@temporalio/workflow';

import { promptCharges } from '../entity/activity-proxies';
import { reasonOf } from '../entity/postponed-work';
import { startCharge } from './start-charge';

/** What is to be charged; `token` is one of a payment by hand, null: that of the saved method. */
export interface Charge {
  paymentId: number;
  token: string | null;
}

/**
 * Charges of one run of a subscription, beside its loop, so that a provider that is away holds nothing up. Each is tried
 * here first, because most are answered at once; what has no answer after a while is handed to `payment/<id>`, which asks for
 * as long as it takes and outlives the run (D24). Both ask under the same key, so no money moves twice.
 */
export class Charges {
  private readonly begun = new Set<number>();
  private readonly earlier = new Set<number>();
  private underWay = 0;

  /**
   * @param options.triedFor milliseconds; null for runs of before: theirs are all handed on
   * @param options.enqueue a command for the loop, which must not throw
   * @param options.onAnswer the provider has said yes or no; called by the loop
   */
  constructor(
    private readonly of: { companyId: number; subscriptionId: number },
    private readonly options: {
      triedFor: number | null;
      enqueue: (command: () => Promise<unknown>) => void;
      onAnswer: (paymentId: number) => Promise<unknown>;
    },
  ) {}

  /** Whether none is tried here at the moment: no new run may begin before. */
  get areAnswered(): boolean {
    return this.underWay === 0;
  }

  /** An earlier run has begun these, and may have handed them on. */
  leave(paymentIds: readonly number[]): void {
    paymentIds.forEach((id) => this.earlier.add(id));
  }

  has(paymentId: number): boolean {
    return this.begun.has(paymentId);
  }

  /** The payment is taken in. */
  end(paymentId: number): void {
    this.begun.delete(paymentId);
  }

  async begin(charge: Charge): Promise<void> {
    this.begun.add(charge.paymentId);

    const { triedFor } = this.options;

    if (triedFor === null || this.earlier.has(charge.paymentId)) {
      return this.handOn(charge);
    }
    this.underWay += 1;
    void this.tryHere(charge, triedFor).finally(() => {
      this.underWay -= 1;
    });
  }

  private async tryHere(charge: Charge, milliseconds: number): Promise<void> {
    const { enqueue, onAnswer } = this.options;
    const { paymentId, token } = charge;

    try {
      await promptCharges(`charge payment ${paymentId}`, milliseconds).chargePayment({
        companyId: this.of.companyId,
        paymentId,
        token,
      });
      enqueue(() => onAnswer(paymentId));
    } catch (error) {
      log.info('the charge has no answer yet; it is handed on', { paymentId, reason: reasonOf(error) });
      enqueue(() => this.handOn(charge));
    }
  }

  private handOn(charge: Charge): Promise<void> {
    return startCharge({ ...this.of, ...charge });
  }
}
