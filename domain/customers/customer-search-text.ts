import { searchTextOf } from '../search/search-rules';

/** What a customer is found by. */
export function customerSearchText({
  name,
  email,
  phone = null,
}: {
  name: string;
  email: string;
  phone?: string | null;
}) {
  return searchTextOf([name, phone && digitsOf(phone), email, phone]);
}

/**
 * What of a search could be a telephone number or a part of one, as it stands in the search text: its digits, without the
 * zeros that are dialled before a number. Null for anything else.
 */
export function searchedPhone(query: string): string | null {
  const digits = /^\+?[\d ().-]+$/.test(query) ? digitsOf(query).replace(/^0+/, '') : '';

  return digits.length < 3 ? null : digits;
}

const digitsOf = (text: string): string => text.replace(/\D/g, '');
