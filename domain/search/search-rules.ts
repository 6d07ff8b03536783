/** Longest text that is kept for search; well within what an index entry and a page cursor may hold. */
const longestSearchText = 450;
const mostWords = 10;

/**
 * Folds text so that spelling variants meet: small letters, no diacritics, đ as d, single spaces. Marks are taken off
 * Latin, Greek and Cyrillic letters only; in Thai or Hindi they are vowels and stay.
 */
export function foldForSearch(text: string): string {
  return text
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replaceAll('đ', 'd')
    .normalize('NFC')
    .replace(/\s+/g, ' ')
    .trim();
}

/** What a row is found by. The first part also orders lists by name. */
export function searchTextOf(parts: readonly (string | null)[]): string {
  const text = foldForSearch(parts.filter((part) => part !== null).join(' '));

  return text.slice(0, longestSearchText).toWellFormed();
}

/** The words of a query, folded; every one of them must occur in a row's search text. At most ten count. */
export function searchWords(query: string): string[] {
  const words = foldForSearch(query)
    .split(' ')
    .filter((word) => word !== '');

  return [...new Set(words)].slice(0, mostWords);
}
