import { z } from 'zod';

import { mostBundleItems, mostUnitsInBundle, productKinds } from '../../domain/catalogue/products/bundle-rules';
import { productSorts } from '../../domain/catalogue/products/list-products';
import { productStatuses } from '../../domain/catalogue/products/product-row';
import { mostUnits } from '../../domain/inventory/stock-change-rules';
import {
  amount,
  amountParameter,
  currency,
  instant,
  line,
  paragraph,
  searchParameter,
  taxBehavior,
  taxCategory,
} from '../http/pipeline/fields';
import { currencyPrices, CurrencyPricesSchema } from '../catalogue/currency-price-schemas';
import { pageParameters } from '../http/pipeline/page';

const sku = line(64).describe('Stock keeping unit, unique in the company.').meta({ example: 'AO-THUN-M' });
const category = line(100).meta({ example: 'Thời trang' });
const scalar = z.union([z.string().max(1_000), z.number(), z.boolean(), z.null()]);

const attributes = z
  .record(line(100), z.union([scalar, z.array(scalar).max(100), z.record(line(100), scalar)]))
  .refine((value) => Object.keys(value).length <= 100, 'holds more than 100 attributes')
  .describe(
    'Free: sizes, colours, specifications. Values are scalars, lists of scalars, or one level of named scalars.',
  )
  .meta({ example: { size: 'M', colours: ['đỏ', 'xanh'], specifications: { material: 'cotton' } } });

const bundleItems = z
  .array(z.strictObject({ productId: z.int().min(1), quantity: z.int().min(1).max(mostUnitsInBundle) }))
  .min(1)
  .max(mostBundleItems)
  .describe('Parts of a bundle, products that are none themselves, with the units of each in one bundle.')
  .meta({ example: [{ productId: 12, quantity: 2 }] });

export const CreateProductRequest = z
  .strictObject({
    sku,
    kind: z
      .enum(productKinds)
      .default('simple')
      .describe(
        'bundle: made of other products, sold as one line at a price of its own; its stock is that of its parts. For good.',
      ),
    name: line(200),
    description: paragraph(5_000).nullable().optional(),
    category: category.nullable().optional(),
    price: amount
      .describe('Minor units of the currency: 50000 is 50,000 VND, 1999 is 19.99 USD.')
      .meta({ example: 50_000 }),
    currency: currency.optional().describe("The company's setting where not given."),
    taxCategory: taxCategory.optional(),
    taxBehavior: taxBehavior.optional(),
    prices: currencyPrices.optional(),
    attributes: attributes.optional(),
    stock: z
      .int()
      .min(0)
      .max(mostUnits)
      .optional()
      .describe('Units there are at first; later see /inventory. Not of a bundle.'),
    bundleItems: bundleItems.optional(),
  })
  .refine(({ kind, bundleItems: items }) => (kind === 'bundle') === (items !== undefined), {
    path: ['bundleItems'],
    error: 'is what a product of kind bundle has, and no other',
  })
  .refine(({ kind, stock }) => kind !== 'bundle' || stock === undefined, {
    path: ['stock'],
    error: 'is not of a bundle, whose stock is that of its parts',
  });

export const UpdateProductRequest = z.strictObject({
  sku: sku.optional(),
  name: line(200).optional(),
  description: paragraph(5_000).nullable().optional(),
  category: category.nullable().optional(),
  price: amount.optional().describe('For new orders only.'),
  currency: currency.optional().describe('Only together with a price.'),
  taxCategory: taxCategory.optional(),
  taxBehavior: taxBehavior.optional(),
  prices: currencyPrices.optional().describe('Replaces all prices in other currencies.'),
  attributes: attributes.optional().describe('Replaces all attributes.'),
  bundleItems: bundleItems
    .optional()
    .describe('Replaces all parts of a bundle; orders keep the parts they were placed with.'),
  status: z
    .enum(productStatuses)
    .optional()
    .describe('archived: no longer sold, listed or shown to customers; employees still read it.'),
});

export const ListProductsQuery = z.strictObject({
  ...pageParameters,
  q: searchParameter.optional(),
  sku: sku.optional(),
  category: category.optional().describe('The whole category; case and diacritics do not matter.'),
  currency: currency
    .optional()
    .describe('Those that have a price in it, their own or another: that is the one that is compared and ordered by.'),
  minPrice: amountParameter
    .optional()
    .describe('Minor units, of its own price where no currency is named. Name it where there is more than one.'),
  maxPrice: amountParameter.optional(),
  inStock: z.enum(['true', 'false']).optional().describe('true: can be ordered now. false: sold out.'),
  status: z
    .enum([...productStatuses, 'all'])
    .optional()
    .describe('Other than active: employees only.'),
  sort: z.enum(productSorts).default('newest').describe('Of prices, - is the highest first.'),
});

export const ProductSchema = z
  .strictObject({
    id: z.int(),
    sku: z.string(),
    kind: z.enum(productKinds),
    name: z.string(),
    description: z.string().nullable(),
    category: z.string().nullable().describe('The name of its category.'),
    categoryId: z.int().nullable(),
    price: z.int(),
    currency: z.string(),
    taxCategory: z.string(),
    taxBehavior,
    prices: CurrencyPricesSchema,
    attributes: z.record(z.string(), z.unknown()),
    status: z.enum(productStatuses),
    stock: z.int().describe('Units that can be ordered now; of a bundle, as many as its parts make up.'),
    bundleItems: z
      .array(
        z.strictObject({
          productId: z.int(),
          sku: z.string(),
          name: z.string(),
          quantity: z.int().describe('Units in one bundle.'),
          status: z.enum(productStatuses),
          available: z.int().describe('Units of the part that can be ordered now.'),
        }),
      )
      .nullable()
      .describe('The parts of a bundle; null for everything else.'),
    createdAt: instant,
    updatedAt: instant,
  })
  .meta({ id: 'Product' });
