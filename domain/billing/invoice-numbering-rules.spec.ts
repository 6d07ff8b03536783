import fc from 'fast-check';
import { type InvoiceCounters, issueInvoiceNumber, type NumberingScheme } from './invoice-numbering-rules';

const schemes: NumberingScheme[] = ['per_company', 'per_entity', 'per_customer'];
const input = { prefix: 'INV', customerSequence: 2, issuedOn: '2023-12-31' };
const counters: InvoiceCounters = { issuedByEntity: 41, issuedToCustomer: 6 };

describe('invoice numbers', () => {
  it.each([
    ['per_company', 'INV-000042'],
    ['per_entity', 'INV-202312-042'],
    ['per_customer', 'INV-002-007'],
  ] as const)('%s', (scheme, expected) => {
    expect(issueInvoiceNumber(counters, { ...input, scheme }).number).toBe(expected);
  });

  it('do not begin again with the month', () => {
    const first = issueInvoiceNumber(counters, { ...input, scheme: 'per_entity' });
    const second = issueInvoiceNumber(first.counters, { ...input, scheme: 'per_entity', issuedOn: '2024-01-01' });

    expect(second.number).toBe('INV-202401-043');
  });

  it('keep all their digits when they outgrow the padding', () => {
    const many = { issuedByEntity: 1_234_566, issuedToCustomer: 1233 };

    expect(issueInvoiceNumber(many, { ...input, scheme: 'per_company' }).number).toBe('INV-1234567');
    expect(issueInvoiceNumber(many, { ...input, scheme: 'per_customer' }).number).toBe('INV-002-1234');
  });

  it('leave no gap in either counter, whichever scheme is in force', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...schemes), { maxLength: 30 }), (chosen) => {
        let current: InvoiceCounters = { issuedByEntity: 0, issuedToCustomer: 0 };
        for (const scheme of chosen) {
          current = issueInvoiceNumber(current, { ...input, scheme }).counters;
        }
        expect(current).toEqual({ issuedByEntity: chosen.length, issuedToCustomer: chosen.length });
      }),
    );
  });
});
