import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * What a command needs to work on the system that `npm start` runs in this clone: the variables it was started with.
 * A variable that is set wins; without a running system there is nothing to add.
 */
export function runningEnvironment(): Record<string, string | undefined> {
  const above = path.resolve(__dirname, '..');
  const project = path.basename(above) === 'dist' ? path.dirname(above) : above;
  const file = path.resolve(project, process.env['BMMS_DATA_FOLDER'] || '.bmms', 'endpoints.json');

  if (process.env['DATABASE_URL'] !== undefined || !existsSync(file)) {
    return process.env;
  }
  const { environment } = JSON.parse(readFileSync(file, 'utf8')) as { environment: Record<string, string> };

  return { ...environment, ...process.env };
}
