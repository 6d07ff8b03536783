import { readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Why the API answered as it did, in its own log: a failed test then says more than `unavailable`.
 * @param instance of the problem, which is the id of the request
 * @returns undefined where the log holds nothing of it
 */
export function loggedError(logFolder: string, instance: string): unknown {
  const line = readFileSync(path.join(logFolder, 'api.log'), 'utf8')
    .split('\n')
    .find((entry) => entry.includes(`"requestId":"${instance}"`) && entry.includes('"err":'));

  return line === undefined ? undefined : (JSON.parse(line) as { err: unknown }).err;
}
