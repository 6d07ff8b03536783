import { noPriceIn } from '../catalogue/currency-price-rules';
import { AppError } from '../errors';
import { formatMoney } from '../money/currency-rules';

export interface WantedLine {
  productId: number;
  quantity: number;
  /** What the customer was shown, minor units; compared, never used. */
  price?: number;
}

/** A part of a bundle as an order keeps it. */
export interface BundlePart {
  productId: number;
  sku: string;
  name: string;
  /** Units in one bundle. */
  quantity: number;
}

export interface CatalogueProduct {
  id: number;
  sku: string;
  name: string;
  price: number;
  currency: string;
  status: string;
  /** Of a bundle; absent or null for everything else. */
  parts?: (BundlePart & { status: string })[] | null | undefined;
}

/** An item of an order with its product, at the server's price: what is billed. */
export interface SoldItem<Product extends CatalogueProduct> {
  product: Product;
  description: string;
  quantity: number;
  /** minor units */
  unitPrice: bigint;
}

/** What is billed of matched lines. */
export function soldItems<Product extends CatalogueProduct>(
  matched: readonly { line: WantedLine; product: Product }[],
): SoldItem<Product>[] {
  return matched.map(({ line, product }) => ({
    product,
    description: product.name,
    quantity: line.quantity,
    unitPrice: BigInt(product.price),
  }));
}

/**
 * Matches what is wanted with the catalogue: prices are the server's, and a sent price that differs is refused by name.
 * @param currency of the billing account (D4)
 * @throws AppError product_not_found, product_archived, price_not_in_currency, price_mismatch; each names the line
 */
export function matchLines<Product extends CatalogueProduct>(
  wanted: readonly WantedLine[],
  products: readonly Product[],
  currency: string,
): { line: WantedLine; product: Product }[] {
  const byId = new Map(products.map((product) => [product.id, product]));
  const matched = wanted.map((line, index) => ({
    line,
    product: sellable(byId.get(line.productId), line, index, currency),
  }));
  const mispriced = matched.flatMap(({ line, product }) =>
    line.price === undefined || line.price === product.price ? [] : [{ line, product, sentPrice: line.price }],
  );
  const first = mispriced[0];

  if (first !== undefined) {
    throw new AppError('price_mismatch', {
      detail: `The price of ${first.product.name} is ${formatMoney(first.product.price, currency)}, not ${formatMoney(first.sentPrice, currency)}.`,
      field: `/items/${wanted.indexOf(first.line)}/price`,
      params: {
        lines: mispriced.map(({ product, sentPrice }) => ({
          productId: product.id,
          name: product.name,
          sentPrice,
          price: product.price,
        })),
      },
    });
  }

  return matched;
}

function sellable<Product extends CatalogueProduct>(
  product: Product | undefined,
  line: WantedLine,
  index: number,
  currency: string,
): Product {
  const field = `/items/${index}/productId`;

  if (product === undefined) {
    throw new AppError('product_not_found', {
      detail: `There is no product ${line.productId}.`,
      field,
      params: { productId: line.productId },
    });
  }

  if (product.status !== 'active') {
    throw new AppError('product_archived', {
      detail: `${product.name} is no longer sold.`,
      field,
      params: { productId: product.id },
    });
  }

  const gone = product.parts?.find(({ status }) => status !== 'active');

  if (gone !== undefined) {
    throw new AppError('product_archived', {
      detail: `${gone.name} is no longer sold, so ${product.name} cannot be.`,
      field,
      params: { productId: product.id, partId: gone.productId },
    });
  }

  if (product.currency !== currency) {
    throw noPriceIn(product.name, currency, field);
  }

  return product;
}

/** What a line takes from stock: of a bundle its parts, each as often as there are bundles. */
export function stockLines(
  line: { productId: number; quantity: number },
  parts: readonly { productId: number; quantity: number }[] | null | undefined,
): { productId: number; quantity: number }[] {
  return (
    parts?.map(({ productId, quantity }) => ({ productId, quantity: quantity * line.quantity })) ?? [
      { productId: line.productId, quantity: line.quantity },
    ]
  );
}

/** Units wanted of each product, in product order: lines of one product are added up before stock is asked (D13). */
export function unitsByProduct(
  lines: readonly { productId: number; quantity: number }[],
): { productId: number; quantity: number }[] {
  const units = new Map<number, number>();

  for (const line of lines) {
    units.set(line.productId, (units.get(line.productId) ?? 0) + line.quantity);
  }

  return [...units].map(([productId, quantity]) => ({ productId, quantity })).sort((a, b) => a.productId - b.productId);
}

/**
 * The refusal that names each product of which there is not enough.
 * @param short units wanted of those products
 * @param available units there are, by product; a product without stock is absent
 */
export function outOfStock(
  short: readonly { productId: number; quantity: number }[],
  available: ReadonlyMap<number, number>,
  names: ReadonlyMap<number, string>,
): AppError {
  const lines = short.map(({ productId, quantity }) => ({
    productId,
    name: names.get(productId) ?? null,
    requested: quantity,
    available: available.get(productId) ?? 0,
  }));
  const text = lines
    .map((line) => `${line.name ?? `product ${line.productId}`} (${line.available} of ${line.requested})`)
    .join(', ');

  return new AppError('out_of_stock', { detail: `Not enough stock of ${text}.`, params: { lines } });
}
