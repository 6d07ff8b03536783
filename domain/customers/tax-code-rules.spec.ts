import fc from 'fast-check';

import { faultOfTaxData, isVietnameseTaxCode } from './tax-code-rules';

const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];

describe('a Vietnamese tax code', () => {
  it.each(['0100109106', '0101243150', '0100109106-001', '0300588569'])('is %s', (code) => {
    expect(isVietnameseTaxCode(code)).toBe(true);
  });

  it.each(['0100109107', '0101243151', '010010910', '0100109106-01', '0100109106001', '0100109106-', '', '01001O9106'])(
    'is not %j',
    (code) => {
      expect(isVietnameseTaxCode(code)).toBe(false);
    },
  );

  it('has one check digit at most, and none where the sum would need a 10', () => {
    const nine = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 9, maxLength: 9 });

    fc.assert(
      fc.property(nine, (digits) => {
        const valid = [...Array(10).keys()].filter((check) => isVietnameseTaxCode(digits.join('') + check));
        const rest = digits.reduce((sum, digit, nth) => sum + digit * (weights[nth] as number), 0) % 11;

        expect(valid).toEqual(rest === 0 ? [] : [10 - rest]);
      }),
    );
  });

  it('does not survive one digit that is wrong', () => {
    fc.assert(
      fc.property(fc.nat(9), fc.integer({ min: 1, max: 9 }), (at, by) => {
        const digits = [...'0100109106'].map(Number);
        digits[at] = ((digits[at] as number) + by) % 10;

        expect(isVietnameseTaxCode(digits.join(''))).toBe(false);
      }),
    );
  });
});

describe('the tax data of a customer', () => {
  const data = { taxStatus: 'taxable', taxExemptReason: null, taxCode: null, country: null };

  it.each([
    [{}, null],
    [{ taxCode: '0100109106' }, null],
    [{ taxCode: 'DE136695976' }, '/taxCode'],
    [{ taxCode: 'DE136695976', country: 'VN' }, '/taxCode'],
    [{ taxCode: 'DE136695976', country: 'DE' }, null],
    [{ taxStatus: 'exempt', taxExemptReason: 'Diplomatic mission' }, null],
    [{ taxStatus: 'reverse_charge', taxExemptReason: 'Diplomatic mission' }, '/taxExemptReason'],
  ])('%j is at fault in %s', (fields, field) => {
    expect(faultOfTaxData({ ...data, ...fields })?.field ?? null).toBe(field);
  });
});
