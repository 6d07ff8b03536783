import { startSystem } from './start-system';

/** Jest's globalSetup of the end-to-end tests: one system for all of them. */
export default async function setUp(): Promise<void> {
  const { description, testDatabase } = await startSystem();

  process.env['BMMS_TEST_SYSTEM'] = JSON.stringify(description);
  (globalThis as { bmmsTestDatabase?: typeof testDatabase }).bmmsTestDatabase = testDatabase;
}
