/** After its first failure one is tried again after so long, then after twice as long each time up to the most. Milliseconds. */
const firstPauseMs = 1_000;
const longestPauseMs = 60_000;

/** How many of a list are taken at one look, and how many beside them that have failed before. */
export const batch = 100;
const retriesAtOnce = 25;

interface Setback {
  tries: number;
  /** Epoch milliseconds. */
  notBefore: number;
}

/**
 * What a loop could not do. However much of it stands at the head of a list that is read oldest first, a look takes what has
 * not failed yet, and a few of the others once their pause is over. Kept in memory: a process that begins tries all at once.
 */
export class Setbacks<Item> {
  private readonly kept = new Map<string, Setback>();

  /** @param keyOf what is tried as one: all items of a key wait together */
  constructor(private readonly keyOf: (item: Item) => string) {}

  /**
   * @param list the first ones that are to be done, in their order
   * @param now epoch milliseconds
   * @returns those to try now: first what has not failed, then what has waited for longest
   */
  async select(list: (limit: number) => Promise<Item[]>, now: number): Promise<Item[]> {
    for (let limit = batch + this.kept.size; ; limit *= 2) {
      const found = await list(limit);
      const fresh = found.filter((item) => !this.kept.has(this.keyOf(item)));
      const isWhole = found.length < limit;

      if (isWhole || fresh.length >= batch) {
        if (isWhole) {
          this.forgetAllBut(found);
        }

        return [...fresh.slice(0, batch), ...this.due(found, now)];
      }
    }
  }

  /** @param now epoch milliseconds */
  note(item: Item, now: number): void {
    const tries = (this.kept.get(this.keyOf(item))?.tries ?? 0) + 1;
    const pause = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(tries - 1, 16));
    this.kept.set(this.keyOf(item), { tries, notBefore: now + pause });
  }

  forget(item: Item): void {
    this.kept.delete(this.keyOf(item));
  }

  private due(found: readonly Item[], now: number): Item[] {
    const dueAt = (item: Item) => this.kept.get(this.keyOf(item))?.notBefore ?? Infinity;

    return found
      .filter((item) => dueAt(item) <= now)
      .sort((left, right) => dueAt(left) - dueAt(right))
      .slice(0, retriesAtOnce);
  }

  /** Those that are no longer to be done have been done by others. */
  private forgetAllBut(found: readonly Item[]): void {
    const left = new Set(found.map(this.keyOf));
    [...this.kept.keys()].filter((key) => !left.has(key)).forEach((key) => this.kept.delete(key));
  }
}
