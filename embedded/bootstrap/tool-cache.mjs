import os from 'node:os';
import path from 'node:path';

/**
 * Where tools that outlive a clone are kept, by version and platform.
 * @param {NodeJS.ProcessEnv} [env] BMMS_CACHE moves it
 */
export function toolCache(env = process.env) {
  return path.resolve(env.BMMS_CACHE || path.join(os.homedir(), '.cache', 'bmms'));
}
