/** Subject of a subscription's events and id of its workflow. */
export function subscriptionSubject(subscriptionId: number): string {
  return `subscription/${subscriptionId}`;
}

/** Id of the workflow that advances a test clock (D26). */
export function testClockSubject(testClockId: number): string {
  return `test-clock/${testClockId}`;
}

/** How the workflow of a subscription that stands in its row is started again. */
export function subscriptionWorkflow({ companyId, subscriptionId }: { companyId: number; subscriptionId: number }) {
  return {
    type: 'subscription',
    workflowId: subscriptionSubject(subscriptionId),
    taskQueue: 'subscription-svc',
    input: { companyId, subscriptionId, create: null },
  };
}

/** How the workflow of a test clock's advance is started. */
export function testClockWorkflow({ companyId, testClockId }: { companyId: number; testClockId: number }) {
  return {
    type: 'testClock',
    workflowId: testClockSubject(testClockId),
    taskQueue: 'subscription-svc',
    input: { companyId, testClockId },
  };
}
