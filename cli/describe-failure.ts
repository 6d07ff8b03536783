/** One sentence for a person at a terminal; the stack only when BMMS_STACKS=1 asks for it. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  if (process.env['BMMS_STACKS'] === '1') {
    return error.stack ?? error.message;
  }
  const reasons = [error.message];

  for (let cause = error.cause; cause instanceof Error && reasons.length < 3; cause = cause.cause) {
    reasons.push(cause.message);
  }
  const told = reasons.filter(
    (reason, at) => reason !== '' && !reasons.slice(0, at).some((one) => one.includes(reason)),
  );

  return told.join(': ') || (error as NodeJS.ErrnoException).code || error.name;
}
