import { hashRequest } from '../../api/http/idempotency/hash-request';
import { queryAsOwner } from '../environment/admin';
import type { RunningShop } from './running-shop';

/**
 * What is kept under a key beside the hash that its request has: an answer about another request is then known to come
 * from the row, or from what the API made of the request. Never throws.
 */
export async function describeKey(
  { adminUrl, jwtSecret }: RunningShop,
  request: { key: string; path: string; body: unknown },
): Promise<string> {
  const id = /\d+/.exec(request.path)?.[0];
  const hash = hashRequest(jwtSecret, {
    method: 'post',
    path: request.path.replace(/\d+/, ':id'),
    input: { params: id === undefined ? {} : { id }, query: {}, body: request.body },
  });
  const rows = await queryAsOwner(
    adminUrl,
    'SELECT xmin::text, ctid::text, * FROM platform.idempotency_keys WHERE key = $1',
    [request.key],
  ).catch((error: unknown) => [String(error)]);

  return `${JSON.stringify(request)} has the hash ${hash}; kept: ${JSON.stringify(rows)}`;
}
