import fc from 'fast-check';

import { assertPriceFollowsCurrency, changedFields } from './change-rules';

describe('changes of a catalogue entry', () => {
  const row = {
    name: 'Áo',
    price: 100,
    attributes: { size: 'M', colours: ['đỏ', 'xanh'] } as object,
    note: null as string | null,
  };

  it('leave out what is equal or not given', () => {
    expect(changedFields(row, { name: 'Áo', price: 120, note: undefined })).toEqual({ price: 120 });
    expect(changedFields(row, { note: null })).toEqual({});
    expect(changedFields(row, { note: 'x' })).toEqual({ note: 'x' });
  });

  it('compare objects by their content, not by the order of keys', () => {
    expect(changedFields(row, { attributes: { colours: ['đỏ', 'xanh'], size: 'M' } })).toEqual({});
    expect(changedFields(row, { attributes: { colours: ['xanh', 'đỏ'], size: 'M' } })).toHaveProperty('attributes');
  });

  it('are none after they were made', () => {
    const changes = fc.record(
      { name: fc.string(), price: fc.nat(), attributes: fc.dictionary(fc.string(), fc.jsonValue()) },
      { requiredKeys: [] },
    );

    fc.assert(
      fc.property(changes, (given) => {
        const after = { ...row, ...changedFields<typeof row, Partial<typeof row>>(row, given) };

        expect(changedFields<typeof row, Partial<typeof row>>(after, given)).toEqual({});
      }),
    );
  });

  it('of the currency come with a price, even an equal one', () => {
    expect(() => assertPriceFollowsCurrency({ currency: 'USD' }, {})).toThrow(
      expect.objectContaining({ field: '/price' }),
    );
    expect(() => assertPriceFollowsCurrency({ currency: 'USD' }, { price: 100 })).not.toThrow();
    expect(() => assertPriceFollowsCurrency({ price: 5 }, { price: 5 })).not.toThrow();
  });
});
