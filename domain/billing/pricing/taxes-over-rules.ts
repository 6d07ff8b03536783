import { byTax, taxKey } from '../taxes/tax-rules';
import type { TaxOfLine } from '../taxes/tax-types';
import type { Tax } from './pricer-rules';

/**
 * The taxes of a document's lines as the pricer takes them: each tax and rate once, for the lines that bear it, in an order
 * that does not depend on how the lines stand.
 */
export function taxesOver<Source>(
  lines: readonly Source[],
  taxesOf: (source: Source) => readonly TaxOfLine[],
): (Tax<Source> & TaxOfLine)[] {
  const distinct = new Map(lines.flatMap(taxesOf).map((tax) => [taxKey(tax), tax]));

  return [...distinct.values()].sort(byTax).map((tax) => ({
    ...tax,
    appliesTo: (source) => taxesOf(source).some((one) => taxKey(one) === taxKey(tax)),
  }));
}
