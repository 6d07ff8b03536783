import { endProcesses } from './child-process';
import type { SystemDescription } from './start-system';
import type { TestDatabase } from './test-database';

export default async function tearDown(): Promise<void> {
  const text = process.env['BMMS_TEST_SYSTEM'];

  if (text !== undefined) {
    await endProcesses((JSON.parse(text) as SystemDescription).pids);
  }
  await (globalThis as { bmmsTestDatabase?: TestDatabase }).bmmsTestDatabase?.drop();
}
