import fc from 'fast-check';

import type { AppError } from '../../errors';
import { assertBundleItems, type PartProduct } from './bundle-rules';

const part = (id: number, fields: Partial<PartProduct> = {}): PartProduct => ({
  id,
  name: `Product ${id}`,
  kind: 'simple',
  status: 'active',
  ...fields,
});
const refusal = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    const { code, field } = error as AppError;

    return `${code} ${field}`;
  }

  return 'nothing';
};

describe('the parts of a bundle', () => {
  it.each<[string, number[], PartProduct[], string]>([
    ['named twice', [1, 1], [part(1)], 'validation_failed /bundleItems/1/productId'],
    ['that do not exist', [1, 9], [part(1)], 'product_not_found /bundleItems/1/productId'],
    ['that are bundles', [1, 2], [part(1), part(2, { kind: 'bundle' })], 'bundle_nested /bundleItems/1/productId'],
    ['no longer sold', [1], [part(1, { status: 'archived' })], 'product_archived /bundleItems/0/productId'],
  ])('are refused by name: %s', (_case, ids, products, expected) => {
    const items = ids.map((productId) => ({ productId, quantity: 1 }));

    expect(refusal(() => assertBundleItems(items, products))).toBe(expected);
  });

  it('pass exactly when each is another product that is sold and no bundle', () => {
    const product = fc.record({
      kind: fc.constantFrom('simple', 'bundle'),
      status: fc.constantFrom('active', 'archived'),
    });

    fc.assert(
      fc.property(
        fc.array(product, { maxLength: 5 }),
        fc.array(fc.integer({ min: 0, max: 6 }), { minLength: 1, maxLength: 6 }),
        (kinds, ids) => {
          const products = kinds.map((fields, id) => part(id, fields as Partial<PartProduct>));
          const isRight =
            new Set(ids).size === ids.length &&
            ids.every((id) => products[id]?.kind === 'simple' && products[id]?.status === 'active');
          const items = ids.map((productId) => ({ productId, quantity: 2 }));

          expect(refusal(() => assertBundleItems(items, products)) === 'nothing').toBe(isRight);
        },
      ),
    );
  });
});
