/**
 * Does the work of many, at most `atOnce` at a time: the next one begins when one is done, and is asked for only then. After
 * one that fails nothing is begun any more, and its error is thrown when none is under way.
 */
export async function someAtATime<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  atOnce: number,
  work: (item: Item) => Promise<unknown>,
): Promise<void> {
  const left = iterate(items);
  let failed: { error: unknown } | null = null;
  const worker = async () => {
    for (let next = await left.next(); next.done !== true && failed === null; next = await left.next()) {
      try {
        await work(next.value);
      } catch (error) {
        failed ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));

  // Set by the workers, which the compiler does not see.
  const { error } = (failed as { error: unknown } | null) ?? {};

  if (failed !== null) {
    throw error;
  }
}

/** Of a list or of what is read bit by bit; one reader at a time asks an async generator for more. */
async function* iterate<Item>(items: Iterable<Item> | AsyncIterable<Item>): AsyncGenerator<Item, undefined> {
  yield* items;

  return undefined;
}
