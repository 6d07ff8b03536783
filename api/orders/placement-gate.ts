import type { Gauge } from 'prom-client';

import { AppError } from '../../domain/errors';

/** A place in the queue is worth waiting for only this long; the whole request has 25 s. */
const longestQueue = 5_000;

/**
 * Admits a bounded number of placements at once (D13) and remembers, for a moment, which products were sold out, so that
 * a rush for the last units is refused from a read instead of by starting a workflow each.
 */
export class PlacementGate {
  private underWay = 0;
  private readonly waiting: (() => void)[] = [];
  private readonly soldOut = new Map<number, number>();

  constructor(
    private readonly most: number,
    private readonly gauge: Gauge,
  ) {}

  /** @throws AppError unavailable when the queue is full */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    if (this.underWay >= this.most) {
      if (this.waiting.length >= longestQueue) {
        throw new AppError('unavailable', { detail: 'Too many orders are being placed.' });
      }
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else {
      this.underWay += 1;
    }
    this.gauge.set(this.underWay);

    try {
      return await work();
    } finally {
      const next = this.waiting.shift();

      if (next === undefined) {
        this.underWay -= 1;
      } else {
        next();
      }
      this.gauge.set(this.underWay);
    }
  }

  noteSoldOut(productIds: readonly number[], now: Date): void {
    productIds.forEach((id) => this.soldOut.set(id, now.getTime() + 2_000));

    if (this.soldOut.size > 10_000) {
      this.soldOut.clear();
    }
  }

  /** Whether stock is worth a look before a workflow is started. */
  isSuspect(productIds: readonly number[], now: Date): boolean {
    return productIds.some((id) => (this.soldOut.get(id) ?? 0) > now.getTime());
  }
}
