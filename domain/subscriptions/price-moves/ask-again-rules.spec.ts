import { askAgainAfter, mostAsked } from './ask-again-rules';

it('asks again soon, then less and less often, for some two hours', () => {
  const waits = Array.from({ length: mostAsked }, (_, tries) => askAgainAfter('charge_in_flight', tries));

  expect(waits.slice(0, 9)).toEqual([5, 10, 20, 40, 80, 160, 320, 600, 600].map((seconds) => seconds * 1000));
  expect(waits.reduce<number>((sum, wait) => sum + (wait ?? 0), 0) / 3_600_000).toBeCloseTo(2.3, 1);
  expect(askAgainAfter('charge_in_flight', mostAsked)).toBeNull();
});

it('takes any other refusal for the answer', () => {
  expect(askAgainAfter('no_change', 0)).toBeNull();
  expect(askAgainAfter('internal', 0)).toBeNull();
  expect(askAgainAfter(null, 0)).toBeNull();
});
