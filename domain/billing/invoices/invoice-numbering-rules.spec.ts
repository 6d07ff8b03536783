import fc from 'fast-check';

import { NUMBERING_SCHEMES, numberingOf, writeNumber } from './invoice-numbering-rules';

const input = { prefix: 'INV-', customer: 2, issuedOn: '2023-12-31', isTest: false };

describe('invoice numbers', () => {
  it.each([
    ['company', 42, 'INV-000042'],
    ['month', 42, 'INV-202312-042'],
    ['customer', 7, 'INV-002-007'],
  ] as const)('by %s', (scheme, counted, expected) => {
    expect(writeNumber(numberingOf({ ...input, scheme }), counted)).toBe(expected);
  });

  it('do not begin again with the month', () => {
    const [december, january] = ['2023-12-31', '2024-01-01'].map((issuedOn) =>
      numberingOf({ ...input, scheme: 'month', issuedOn }),
    );

    expect(january?.series).toBe(december?.series);
  });

  it('keep all their digits when they outgrow the padding', () => {
    expect(writeNumber(numberingOf({ ...input, scheme: 'company' }), 1_234_567)).toBe('INV-1234567');
    expect(writeNumber(numberingOf({ ...input, scheme: 'customer', customer: 12_345 }), 1_234)).toBe('INV-12345-1234');
  });

  it('of customers on a test clock say so, and use counters that no other invoice does', () => {
    for (const scheme of NUMBERING_SCHEMES) {
      const real = numberingOf({ ...input, scheme });
      const test = numberingOf({ ...input, scheme, isTest: true });

      expect(test.prefix).toBe(`TEST-${real.prefix}`);
      expect(test.counts.filter((series) => real.counts.includes(series))).toEqual([]);
    }
  });

  it('are one by one in the company’s counter, whichever schemes were in force', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...NUMBERING_SCHEMES), fc.integer({ min: 1, max: 3 })), { maxLength: 30 }),
        (issued) => {
          const counters = new Map<string, number>();
          for (const [scheme, customer] of issued) {
            for (const series of numberingOf({ ...input, scheme, customer }).counts) {
              counters.set(series, (counters.get(series) ?? 0) + 1);
            }
          }
          expect(counters.get('company') ?? 0).toBe(issued.length);
        },
      ),
    );
  });
});
