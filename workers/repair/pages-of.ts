/** Rows of a list that is read page by page, by the id they rise by. */
export async function* pagesOf<Row extends { id: number }>(
  list: (after: number) => Promise<Row[]>,
): AsyncGenerator<Row, undefined> {
  for (let page = await list(0); page.length > 0; page = await list(page.at(-1)?.id ?? 0)) {
    yield* page;
  }

  return undefined;
}
