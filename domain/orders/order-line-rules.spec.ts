import fc from 'fast-check';

import { type AppError } from '../errors';
import {
  type CatalogueProduct,
  matchLines,
  outOfStock,
  stockLines,
  unitsByProduct,
  type WantedLine,
} from './order-line-rules';

const product = (id: number, fields: Partial<CatalogueProduct> = {}): CatalogueProduct => ({
  id,
  sku: `SKU-${id}`,
  name: `Product ${id}`,
  price: 1_000 * id,
  currency: 'VND',
  status: 'active',
  ...fields,
});
const refusal = (work: () => unknown): AppError => {
  try {
    work();
  } catch (error) {
    return error as AppError;
  }
  throw new Error('nothing was refused');
};

describe('lines of an order', () => {
  it('are matched with the catalogue in the order in which they were wanted', () => {
    const wanted = [
      { productId: 2, quantity: 1, price: 2_000 },
      { productId: 1, quantity: 3 },
      { productId: 2, quantity: 5 },
    ];

    expect(matchLines(wanted, [product(1), product(2)], 'VND').map((match) => match.product.id)).toEqual([2, 1, 2]);
    expect(matchLines(wanted, [product(1), product(2)], 'VND').map((match) => match.line)).toEqual(wanted);
  });

  it('are refused by name where a price differs, all of them at once, the first one pointed at', () => {
    const wanted = [
      { productId: 1, quantity: 1, price: 1_000 },
      { productId: 2, quantity: 1, price: 1 },
      { productId: 3, quantity: 1, price: 2 },
    ];
    const error = refusal(() => matchLines(wanted, [product(1), product(2), product(3)], 'VND'));

    expect(error).toMatchObject({
      code: 'price_mismatch',
      field: '/items/1/price',
      message: 'The price of Product 2 is 2,000 VND, not 1 VND.',
      params: {
        lines: [
          { productId: 2, name: 'Product 2', sentPrice: 1, price: 2_000 },
          { productId: 3, name: 'Product 3', sentPrice: 2, price: 3_000 },
        ],
      },
    });
  });

  it.each<[string, CatalogueProduct[], string]>([
    ['there is no such product', [], 'product_not_found'],
    ['it is archived', [product(7, { status: 'archived' })], 'product_archived'],
    ['it is in another currency', [product(7, { currency: 'USD' })], 'price_not_in_currency'],
  ])('are refused when %s', (_name, products, code) => {
    const error = refusal(() => matchLines([{ productId: 7, quantity: 1, price: 5 }], products, 'VND'));

    expect(error).toMatchObject({ code, field: '/items/0/productId' });
  });
});

describe('units by product', () => {
  const lines: fc.Arbitrary<WantedLine[]> = fc.array(
    fc.record({ productId: fc.integer({ min: 1, max: 9 }), quantity: fc.integer({ min: 1, max: 1_000 }) }),
  );

  it('are summed, each product once, in product order, whatever the order of the lines', () => {
    fc.assert(
      fc.property(lines, fc.nat(), (wanted, shift) => {
        const units = unitsByProduct(wanted);
        const turned = [...wanted.slice(shift % (wanted.length + 1)), ...wanted.slice(0, shift % (wanted.length + 1))];
        const ids = units.map(({ productId }) => productId);

        expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
        expect(units.reduce((sum, { quantity }) => sum + quantity, 0)).toBe(
          wanted.reduce((sum, { quantity }) => sum + quantity, 0),
        );
        expect(unitsByProduct(turned)).toEqual(units);
      }),
    );
  });
});

describe('the refusal for want of stock', () => {
  it('names each line that is short, with what there is of it', () => {
    const short = [
      { productId: 1, quantity: 5 },
      { productId: 2, quantity: 1 },
      { productId: 3, quantity: 2 },
    ];
    const error = outOfStock(
      short,
      new Map([
        [1, 4],
        [2, 0],
      ]),
      new Map([
        [1, 'Bút'],
        [2, 'Vở'],
      ]),
    );

    expect(error).toMatchObject({
      code: 'out_of_stock',
      status: 409,
      message: 'Not enough stock of Bút (4 of 5), Vở (0 of 1), product 3 (0 of 2).',
    });
    expect(error.params['lines']).toEqual([
      { productId: 1, name: 'Bút', requested: 5, available: 4 },
      { productId: 2, name: 'Vở', requested: 1, available: 0 },
      { productId: 3, name: null, requested: 2, available: 0 },
    ]);
  });
});

describe('bundles', () => {
  const parts = [
    { productId: 2, sku: 'B', name: 'Part B', quantity: 3, status: 'active' },
    { productId: 1, sku: 'A', name: 'Part A', quantity: 1, status: 'active' },
  ];

  it('take their parts from stock, added up with lines of the parts themselves', () => {
    const lines = [
      ...stockLines({ productId: 9, quantity: 2 }, parts),
      ...stockLines({ productId: 1, quantity: 5 }, null),
    ];

    expect(unitsByProduct(lines)).toEqual([
      { productId: 1, quantity: 7 },
      { productId: 2, quantity: 6 },
    ]);
  });

  it('are not sold while a part is no longer sold, which is named', () => {
    const bundle = product(9, { parts: [parts[0]!, { ...parts[1]!, status: 'archived' }] });
    const error = refusal(() => matchLines([{ productId: 9, quantity: 1 }], [bundle], 'VND'));

    expect(error).toMatchObject({
      code: 'product_archived',
      field: '/items/0/productId',
      params: { productId: 9, partId: 1 },
    });
    expect(error.message).toBe('Part A is no longer sold, so Product 9 cannot be.');
  });
});
