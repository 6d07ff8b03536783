import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Why the API answered as it did, in its own log: a failed test then says more than `unavailable`.
 * @param instance of the problem, which is the id of the request
 * @returns undefined where the log holds nothing of it
 */
export function loggedError(logFolder: string, instance: string): unknown {
  // A part that is started again moves a log that has grown aside.
  const line = ['api.log', 'api.log.1']
    .map((name) => path.join(logFolder, name))
    .filter((file) => existsSync(file))
    .flatMap((file) => readFileSync(file, 'utf8').split('\n'))
    .find((entry) => entry.includes(`"requestId":"${instance}"`) && entry.includes('"err":'));

  return line === undefined ? undefined : (JSON.parse(line) as { err: unknown }).err;
}
