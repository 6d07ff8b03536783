import { Prisma } from '../../platform/db/database';
import { searchWords } from './search-rules';

/** One condition for each word of a search on a `search_text` column; none without a search. No character is a wildcard. */
export function searchConditions(column: Prisma.Sql, query: string | undefined): Prisma.Sql[] {
  return searchWords(query ?? '').map((word) => Prisma.sql`strpos(${column}, ${word}) > 0`);
}
