import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';

import { plannedInstant } from '../../domain/field-schema';
import { printDetails } from '../print-result';
import { type RunningSystem, withRunningSystem } from '../with-running-system';
import { wholeNumber } from './subscription';

interface Options {
  company?: string;
  json?: boolean;
}

/** An advance from a terminal is waited for this long; what takes longer goes on, and `show` tells how far it is. */
const patienceMs = 600_000;

/** `bmms clock …`: test clocks of the system that runs (D26). */
export function addClockCommand(program: Command): void {
  const clock = program.command('clock').description('test clocks of the system that runs');
  const common = (command: Command): Command =>
    command
      .option('--company <slug>', 'company it belongs to (default: DEFAULT_COMPANY)')
      .option('--json', 'print JSON');

  common(clock.command('create').description('a clock to create customers on'))
    .option('--name <text>', 'what it is for')
    .option('--now <instant>', 'where it begins (default: the present)', instant)
    .action((options: Options & { name?: string; now?: Date }) => create(options));
  common(clock.command('show').description('where it stands').argument('<id>', 'of the clock', wholeNumber)).action(
    (id: number, options: Options) =>
      withRunningSystem(options.company, async (system) => printDetails(await read(system, id), options)),
  );
  common(clock.command('advance').description('turn it forward').argument('<id>', 'of the clock', wholeNumber))
    .requiredOption('--to <instant>', 'such as 2026-12-01T00:00:00+07:00', instant)
    .action((id: number, options: Options & { to: Date }) => advance(id, options));
}

async function create(options: Options & { name?: string; now?: Date }): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const [{ createTestClock }, { nextId }] = await Promise.all([
      import('../../domain/test-clocks/create-test-clock.js'),
      import('../next-id.js'),
    ]);
    const now = system.clock.now();
    const id = await nextId(system.database.system, 'ordering.test_clocks');
    await system.database.withTenant(system.companyId, (tx) =>
      createTestClock(tx, {
        id,
        name: options.name ?? null,
        at: options.now ?? now,
        isProduction: system.config.isProduction,
        now,
      }),
    );
    printDetails(await read(system, id), options);
  });
}

async function advance(testClockId: number, options: Options & { to: Date }): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const [{ aimTestClock }, { advanceTestClock }] = await Promise.all([
      import('../../domain/test-clocks/aim-test-clock.js'),
      import('../../clients/test-clock-client.js'),
    ]);
    const { companyId } = system;
    await system.database.withTenantSql(companyId, (tx) =>
      aimTestClock(tx, { testClockId, target: options.to, requestKey: null, now: system.clock.now() }),
    );
    await advanceTestClock(system, { companyId, id: testClockId, patienceMs });
    printDetails(await read(system, testClockId), options);
  });
}

async function read({ database, companyId }: RunningSystem, testClockId: number): Promise<Record<string, unknown>> {
  const [{ readTestClock, viewTestClock }, { readSettings }] = await Promise.all([
    import('../../domain/test-clocks/create-test-clock.js'),
    import('../../domain/companies/setting-catalogue.js'),
  ]);

  return database.withTenant(companyId, async (tx) => {
    const row = await readTestClock(tx, testClockId);

    if (row === null) {
      throw new Error(`There is no test clock ${testClockId}.`);
    }

    return viewTestClock(row, (await readSettings(tx)).timeZone);
  });
}

function instant(text: string): Date {
  const parsed = plannedInstant.safeParse(text);

  if (!parsed.success) {
    throw new InvalidArgumentError('It must be an instant such as 2026-12-01T00:00:00+07:00.');
  }

  return new Date(parsed.data);
}
