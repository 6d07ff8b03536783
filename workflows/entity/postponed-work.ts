import { ApplicationFailure } from '@temporalio/common';

import { workflowNow } from './workflow-clock';

/** What failed in a way that another try would not mend is tried again, but not all the time. Milliseconds. */
const defaultWait = 3_600_000;

/** News that must not be lost although it cannot be taken in now: tried again after a while, and shown until then. */
export class PostponedWork {
  private readonly waiting = new Map<
    string,
    { at: number; reason: string; work: () => Promise<void>; paymentId: number | null }
  >();

  constructor(private readonly wait: number = defaultWait) {}

  get isEmpty(): boolean {
    return this.waiting.size === 0;
  }

  /** Epoch milliseconds of the next try; null when nothing waits. */
  get nextAt(): number | null {
    const times = [...this.waiting.values()].map(({ at }) => at);

    return times.length === 0 ? null : Math.min(...times);
  }

  /** Payments whose news waits here; whoever ends has to hand them over. */
  get paymentIds(): number[] {
    return [...this.waiting.values()].flatMap(({ paymentId }) => paymentId ?? []);
  }

  /** Lines for the details of the workflow. */
  get lines(): string[] {
    return [...this.waiting].map(
      ([name, { at, reason }]) => `${name} failed: ${reason} It is tried again ${new Date(at).toISOString()}.`,
    );
  }

  has(name: string): boolean {
    return this.waiting.has(name);
  }

  /** Runs it; what fails is kept for later. @returns whether it was done */
  async attempt(name: string, work: () => Promise<void>): Promise<boolean> {
    try {
      await work();
      this.waiting.delete(name);

      return true;
    } catch (error) {
      this.keep(name, error, work, this.waiting.get(name)?.paymentId);

      return false;
    }
  }

  /** News of a payment that cannot be taken in now. */
  keepPayment(paymentId: number, error: unknown, work: () => Promise<void>): void {
    this.keep(paymentName(paymentId), error, work, paymentId);
  }

  /** Somebody else takes it in from now on. */
  forgetPayment(paymentId: number): void {
    this.waiting.delete(paymentName(paymentId));
  }

  private keep(name: string, error: unknown, work: () => Promise<void>, paymentId: number | null = null): void {
    this.waiting.set(name, { at: workflowNow() + this.wait, reason: reasonOf(error), work, paymentId });
  }

  /** Tries again what is due by now, one after the other. */
  async runDue(): Promise<void> {
    for (const [name, { at, work }] of [...this.waiting]) {
      if (at <= workflowNow()) {
        await this.attempt(name, work);
      }
    }
  }
}

const paymentName = (paymentId: number): string => `payment ${paymentId}`;

/** What is wrong, for a person: of a failed step its cause, not Temporal's frame around it. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }

  return error.name === 'ActivityFailure' && error.cause instanceof Error ? error.cause.message : error.message;
}

/** A step met what no rule foresees; news must be tried again after it is mended. */
export function isDefect(error: unknown): boolean {
  const failure = error instanceof Error && error.name === 'ActivityFailure' ? error.cause : error;

  return failure instanceof ApplicationFailure && failure.type === 'internal';
}
