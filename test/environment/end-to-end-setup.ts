import { startComposed } from '../rehearsal/start-composed';
import { startOnHost, startSystem } from './start-system';

/** Jest's globalSetup of the end-to-end tests: one system for all of them, in a rehearsal as docker-compose.yml has it. */
export default async function setUp(): Promise<void> {
  const isRehearsal = process.env['BMMS_REHEARSAL'] === '1';
  const { description, testDatabase } = await startSystem({}, isRehearsal ? startComposed : startOnHost);

  process.env['BMMS_TEST_SYSTEM'] = JSON.stringify(description);
  (globalThis as { bmmsTestDatabase?: typeof testDatabase }).bmmsTestDatabase = testDatabase;
}
