/** A workflow that is just ending is gone at the next try. */
const mostTries = 3;

/** Sends once more, at most twice, after errors that the next try may not meet; it is a new request each time. */
export async function sendAgainWhile<Answer>(
  isPassing: (error: unknown) => boolean,
  send: () => Promise<Answer>,
): Promise<Answer> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await send();
    } catch (error) {
      if (!isPassing(error) || tries === mostTries) {
        throw error;
      }
    }
  }
}
