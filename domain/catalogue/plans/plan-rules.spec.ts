import fc from 'fast-check';

import { noTrial, resolveTrial } from './plan-rules';

const fortnight = { trialEnabled: true, trialDays: 14 };

describe('trial of a plan', () => {
  it('is absent unless it is asked for', () => {
    expect(resolveTrial(noTrial, {})).toEqual(noTrial);
    expect(resolveTrial(noTrial, fortnight)).toEqual(fortnight);
  });

  it('stays when something else changes', () => {
    expect(resolveTrial(fortnight, {})).toEqual(fortnight);
    expect(resolveTrial(fortnight, { trialDays: 30 })).toEqual({ trialEnabled: true, trialDays: 30 });
  });

  it('loses its days when it is switched off', () => {
    expect(resolveTrial(fortnight, { trialEnabled: false })).toEqual(noTrial);
  });

  it.each([
    [noTrial, { trialDays: 14 }],
    [noTrial, { trialEnabled: false, trialDays: 14 }],
    [noTrial, { trialEnabled: true }],
    [fortnight, { trialDays: 0 }],
  ])('of %j refuses %j', (current, given) => {
    expect(() => resolveTrial(current, given)).toThrow(
      expect.objectContaining({ code: 'validation_failed', field: '/trialDays' }),
    );
  });

  it('has days exactly when it is enabled, whatever is accepted', () => {
    const given = fc.record({ trialEnabled: fc.boolean(), trialDays: fc.nat(730) }, { requiredKeys: [] });

    fc.assert(
      fc.property(fc.constantFrom(noTrial, fortnight), given, (current, changes) => {
        try {
          const trial = resolveTrial(current, changes);

          expect(trial.trialEnabled).toBe(trial.trialDays > 0);
        } catch (error) {
          expect(error).toMatchObject({ field: '/trialDays' });
        }
      }),
    );
  });
});
