/** The only place that asks the machine's clock (D1). Rules and operations get `now` handed in. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** A clock that stands at one instant, for tests and for work that must see a single `now`. */
export function fixedClock(instant: Date | string): Clock {
  const at = new Date(instant).getTime();

  return { now: () => new Date(at) };
}
