/** Least, middle and most of some figures; NaN of none. */
export function spreadOf(values: readonly number[]): { least: number; median: number; most: number } {
  const sorted = [...values].sort((one, other) => one - other);
  const at = (place: number) => sorted[place] ?? Number.NaN;
  const half = sorted.length >> 1;

  return {
    least: at(0),
    median: sorted.length % 2 === 1 ? at(half) : (at(half - 1) + at(half)) / 2,
    most: at(sorted.length - 1),
  };
}
