import { toShownSum } from './columns';

it('shows a sum beyond the safe range as the end of the range', () => {
  const most = 9_007_199_254_740_991;

  expect([0n, -7n, 9_007_199_254_740_991n].map(toShownSum)).toEqual([0, -7, most]);
  expect([9_007_199_254_740_992n, 2n ** 70n, -(2n ** 53n)].map(toShownSum)).toEqual([most, most, -most]);
});
