import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { z } from 'zod';

const Servers = z.object({
  postgresAdminUrl: z.string(),
  temporalAddress: z.string(),
  temporalNamespaces: z.array(z.string()).min(1),
  temporalBinary: z.string(),
});

export type TestServers = z.output<typeof Servers>;

let known: TestServers | undefined;

/**
 * Where PostgreSQL and Temporal of this test run are, from the file that BMMS_TEST_ENVIRONMENT names; without it, from
 * servers kept up by `node test/run.mjs --serve`.
 */
export function testServers(): TestServers {
  known ??= Servers.parse(JSON.parse(readFileSync(environmentFile(), 'utf8')));

  return known;
}

function environmentFile(): string {
  return process.env['BMMS_TEST_ENVIRONMENT'] ?? path.join(projectFolder, '.bmms-test', 'default', 'environment.json');
}

/** The folder of package.json, whether this runs as it is written or compiled. */
export const projectFolder = findProject(__dirname);

function findProject(folder: string): string {
  return existsSync(path.join(folder, 'package.json')) ? folder : findProject(path.dirname(folder));
}
