/** Subject of a subscription's events and id of its workflow. */
export function subscriptionSubject(subscriptionId: number): string {
  return `subscription/${subscriptionId}`;
}

/** Id of the workflow that advances a test clock (D26). */
export function testClockSubject(testClockId: number): string {
  return `test-clock/${testClockId}`;
}
