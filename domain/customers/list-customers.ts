import type { Prisma, TenantTransaction } from '../../platform/db/database';
import { literally } from '../../platform/db/containing';
import { searchWords } from '../search/search-rules';
import { searchedPhone } from './customer-search-text';
import { findByWords } from './find-by-words';
import { type CustomerRow, customerParts } from './customer-view';

/**
 * Customers of the company, newest first.
 * @param input.q words that must all occur in name, e-mail address or telephone number; case and diacritics do not
 *   matter, nor how the digits of a number are set apart
 * @param input.before id of the last row of the page before
 */
export async function listCustomers(
  tx: TenantTransaction,
  input: { q?: string; email?: string; segment?: string; before: number | null; limit: number },
): Promise<CustomerRow[]> {
  const { q, email, segment, before, limit } = input;
  // A list, so that no condition takes the place of another one about the same field.
  const conditions: Prisma.CustomerWhereInput[] = [
    ...(q === undefined ? [] : [await matching(tx, q)]),
    ...(email === undefined ? [] : [{ email }]),
    ...(segment === undefined ? [] : [{ segment }]),
    ...(before === null ? [] : [{ id: { lt: before } }]),
  ];

  return tx.orm.customer.findMany({
    where: { AND: conditions },
    orderBy: { id: 'desc' },
    take: limit,
    include: customerParts,
  });
}

/** Few have most words, and an index knows who; where many have them, a page is soon full walking back from the newest. */
async function matching(tx: TenantTransaction, q: string): Promise<Prisma.CustomerWhereInput> {
  const words = searchWords(q);
  const phone = searchedPhone(q);
  const found = await findByWords(tx, words, phone);

  if (found !== null) {
    return { id: { in: found } };
  }
  const having = { AND: words.map((word) => ({ searchText: { contains: literally(word) } })) };

  return phone === null ? having : { OR: [having, { searchText: { contains: phone } }] };
}
