import fc from 'fast-check';
import { planBehaviour } from './behaviour-rules';
import { BEHAVIOURS } from './sandbox-types';

const behaviour = fc.constantFrom(...BEHAVIOURS);
const amount = fc.integer({ min: 1, max: 9_999_999_999 }).map((vnd) => vnd * 100);

test('every behaviour notifies in whole VND, no later than five intervals', () => {
  fc.assert(
    fc.property(behaviour, amount, fc.integer({ min: 10, max: 300_000 }), (name, sum, retryMs) => {
      const plan = planBehaviour(name, sum, retryMs);

      expect(plan.amount % 100).toBe(0);
      expect(plan.amount).toBeGreaterThan(0);
      for (const notification of plan.notifications) {
        expect(notification.delayMs).toBeLessThanOrEqual(5 * retryMs);
      }
    }),
  );
});

test('only the wrong amount is another than asked for', () => {
  fc.assert(
    fc.property(behaviour, amount, (name, sum) => {
      expect(planBehaviour(name, sum, 1000).amount === sum).toBe(name !== 'wrong_amount');
    }),
  );
});

test('a declined, cancelled or expired payment never looks paid', () => {
  for (const name of ['decline', 'cancel', 'expire', 'suspect'] as const) {
    const plan = planBehaviour(name, 100, 1000);

    expect([plan.responseCode, plan.transactionStatus]).not.toContain('00');
  }
});
