/** For so long after a subscription has ended its usage is still taken. Milliseconds. */
export const lateUsageMs = 3 * 86_400_000;

/** When it is billed, after the end: a little later, so that no event is on its way into the books any more. Milliseconds. */
export const lateUsageBilledMs = lateUsageMs + 10 * 60_000;
