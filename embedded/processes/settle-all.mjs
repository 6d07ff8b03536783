/**
 * As Promise.all, but failing only when nothing is under way any more, so that everything begun can be stopped.
 * @template {unknown[]} T @param {{ [K in keyof T]: Promise<T[K]> }} works @returns {Promise<T>}
 */
export async function settleAll(works) {
  const failed = (await Promise.allSettled(works)).find((work) => work.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }

  return Promise.all(works);
}
