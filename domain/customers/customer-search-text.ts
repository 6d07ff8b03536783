import { searchTextOf } from '../search/search-rules';

/** What a customer is found by. */
export function customerSearchText(customer: { name: string; email: string; phone?: string | null }): string {
  return searchTextOf([customer.name, customer.email, customer.phone ?? null]);
}
