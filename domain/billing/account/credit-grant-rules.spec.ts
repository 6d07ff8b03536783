import fc from 'fast-check';

import { type CreditGrant, drawBack, drawToLeave, drawToPay, expiredBy, withDraws } from './credit-grant-rules';

const grant = (grantId: number, remaining: number, expiresAt: number | null): CreditGrant => ({
  grantId,
  remaining,
  expiresAt,
});
const left = (grants: readonly CreditGrant[]) => grants.map(({ remaining }) => remaining);

describe('credit given by hand', () => {
  const grants = [grant(1, 100, null), grant(2, 50, 2_000), grant(3, 70, 1_000)];

  it('is used up by expiry, the soonest first, and before money', () => {
    expect(drawToPay(grants, 130)).toEqual([
      { grantId: 3, amount: 70 },
      { grantId: 2, amount: 50 },
      { grantId: 1, amount: 10 },
    ]);
    expect(left(withDraws(grants, drawToPay(grants, 1_000)))).toEqual([0, 0, 0]);
  });

  it('leaves the account after money, and what expires soonest last', () => {
    expect(drawToLeave(grants, 300, 80)).toEqual([]);
    expect(drawToLeave(grants, 300, 200)).toEqual([
      { grantId: 1, amount: 100 },
      { grantId: 2, amount: 20 },
    ]);
  });

  it('comes back to where it was taken from, what expires last first', () => {
    expect(drawBack([grant(3, 70, 1_000), grant(2, 50, 2_000)], 60)).toEqual([
      { grantId: 2, amount: -50 },
      { grantId: 3, amount: -10 },
    ]);
  });

  it.each([
    [999, []],
    [1_000, [3]],
    [2_000, [2, 3]],
  ])('is over from its instant on: at %d', (now, expected) => {
    expect(expiredBy(grants, now).map(({ grantId }) => grantId)).toEqual(expected);
  });

  const anyGrants = fc
    .array(fc.record({ remaining: fc.nat(1_000), expiresAt: fc.option(fc.nat(5)) }))
    .map((some) => some.map((one, index) => ({ ...one, grantId: index + 1 })));

  it('never gives more than it has, nor takes more than is asked', () => {
    fc.assert(
      fc.property(anyGrants, fc.nat(5_000), fc.nat(5_000), (of, amount, money) => {
        const given = of.reduce((sum, { remaining }) => sum + remaining, 0);
        const sumOf = (draws: { amount: number }[]) => draws.reduce((sum, draw) => sum + draw.amount, 0);

        expect(sumOf(drawToPay(of, amount))).toBe(Math.min(amount, given));
        expect(sumOf(drawToLeave(of, given + money, amount))).toBe(Math.min(Math.max(0, amount - money), given));
        expect(Math.min(0, ...left(withDraws(of, drawToPay(of, amount))))).toBe(0);
        expect(Math.min(0, ...left(withDraws(of, drawToLeave(of, given + money, amount))))).toBe(0);
      }),
    );
  });

  it('stands as before when all that was drawn comes back', () => {
    fc.assert(
      fc.property(anyGrants, fc.nat(5_000), (of, amount) => {
        const draws = drawToPay(of, amount);
        const drawn = draws.map(({ grantId, amount: taken }) => ({
          ...(of[grantId - 1] as CreditGrant),
          remaining: taken,
        }));

        expect(withDraws(withDraws(of, draws), drawBack(drawn, amount))).toEqual(of);
      }),
    );
  });
});
