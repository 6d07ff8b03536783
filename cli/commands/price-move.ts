import type { Command } from 'commander';

import type { Priced } from '../../domain/catalogue/price-versions/price-version-row';
import type { TenantSql } from '../../platform/db/database';
import { printDetails } from '../print-result';
import { type RunningSystem, withRunningSystem } from '../with-running-system';
import { prorationOption, type ProrationWords, wholeNumber } from './subscription';

interface Options {
  company?: string;
  json?: boolean;
}

/** `bmms price-move …`: who has a plan or an add-on, moved to another price of it. */
export function addPriceMoveCommand(program: Command): void {
  const move = program
    .command('price-move')
    .description('moves of subscribers to another price, on the system that runs');
  const common = (command: Command): Command =>
    command
      .option('--company <slug>', 'company it belongs to (default: DEFAULT_COMPANY)')
      .option('--json', 'print JSON');

  common(move.command('create').description('move subscribers of a plan, or those who have an add-on, at the renewal'))
    .argument('[plan]', 'id of the plan', wholeNumber)
    .option('--addon <id>', 'of an add-on, in place of a plan', wholeNumber)
    .option('--price <id>', 'of it, whose currency it is about (default: the one of today in its own)', wholeNumber)
    .option('--from <id...>', 'only who has agreed on these prices of it')
    .option('--now', 'at once')
    .option('--notice-days <number>', 'days that each customer is told ahead')
    .option(...prorationOption)
    .option('--preview', 'print what it would do, and change nothing')
    .action((plan: number | undefined, options: Options & CreateWords) => create(plan ?? null, options));
  common(move.command('show').description('how far it is'))
    .argument('<id>', 'of the move', wholeNumber)
    .action((id: number, options: Options) =>
      withRunningSystem(options.company, async (system) => printDetails(await read(system, id), options)),
    );
  for (const [name, description] of [
    ['pause', 'ask nobody any more until it is resumed'],
    ['resume', 'go on after a pause'],
    ['cancel', 'end it, and take back what was announced and still waits'],
  ] as const) {
    common(move.command(name).description(description))
      .argument('<id>', 'of the move', wholeNumber)
      .action((id: number, options: Options) => command(id, name, options));
  }
}

interface CreateWords extends ProrationWords {
  addon?: number;
  price?: number;
  from?: string[];
  now?: boolean;
  noticeDays?: string;
  preview?: boolean;
}

async function create(planId: number | null, options: Options & CreateWords): Promise<void> {
  const [{ CreatePriceMoveRequest }, { parseInput }] = await Promise.all([
    import('../../api/price-moves/schemas.js'),
    import('../../domain/input-schema.js'),
  ]);
  const of = await pricedBy(planId, options.addon ?? null);
  const body = parseInput(CreatePriceMoveRequest, {
    priceId: options.price,
    fromPriceIds: options.from?.map(Number),
    immediate: options.now,
    noticeDays: options.noticeDays === undefined ? undefined : Number(options.noticeDays),
    prorationBehavior: options.proration,
  });
  const request = { ...body, of };
  await withRunningSystem(options.company, async (system) => {
    const [{ createPriceMove }, { previewPriceMove }, { readPlan }, { readAddon }, { nextId }, { tellPriceMove }] =
      await Promise.all([
        import('../../domain/subscriptions/price-moves/create-price-move.js'),
        import('../../domain/subscriptions/price-moves/preview-price-move.js'),
        import('../../domain/catalogue/plans/read-plan.js'),
        import('../../domain/catalogue/addons/read-addon.js'),
        import('../next-id.js'),
        import('../../clients/price-move-client.js'),
      ]);
    const { companyId, database, clock } = system;
    const requirePriced = (tx: TenantSql) => ('planId' in of ? readPlan(tx, of.planId) : readAddon(tx, of.addonId));

    if (options.preview === true) {
      const preview = await database.withTenantSql(companyId, async (tx) => {
        await requirePriced(tx);

        return previewPriceMove(tx, request);
      });
      printDetails({ ...preview }, options);

      return;
    }
    const id = await nextId(database.system, 'ordering.price_moves');
    await database.withTenantSql(companyId, async (tx) => {
      await requirePriced(tx);
      await createPriceMove(tx, { id, request, userId: null, now: clock.now() });
    });
    await tellPriceMove(system, { companyId, id });
    printDetails(await read(system, id), options);
  });
}

/** @throws AppError validation_failed unless it is one of the two */
async function pricedBy(planId: number | null, addonId: number | null): Promise<Priced> {
  const { AppError } = await import('../../domain/errors.js');

  if (planId !== null && addonId === null) {
    return { planId };
  }

  if (planId === null && addonId !== null) {
    return { addonId };
  }
  throw new AppError('validation_failed', { detail: 'Name a plan, or an add-on with --addon: one of the two.' });
}

async function command(id: number, name: 'pause' | 'resume' | 'cancel', options: Options): Promise<void> {
  await withRunningSystem(options.company, async (system) => {
    const [{ commandPriceMove }, { tellPriceMove }] = await Promise.all([
      import('../../domain/subscriptions/price-moves/set-price-move-status.js'),
      import('../../clients/price-move-client.js'),
    ]);
    const { companyId, database, clock } = system;
    await database.withTenantSql(companyId, (tx) => commandPriceMove(tx, { id, command: name, now: clock.now() }));
    await tellPriceMove(system, { companyId, id });
    printDetails(await read(system, id), options);
  });
}

async function read({ database, companyId }: RunningSystem, id: number): Promise<Record<string, unknown>> {
  const [{ readPriceMove, viewPriceMove }, { readSettings }] = await Promise.all([
    import('../../domain/subscriptions/price-moves/price-move-row.js'),
    import('../../domain/companies/setting-catalogue.js'),
  ]);

  return database.withTenant(companyId, async (tx) =>
    viewPriceMove(await readPriceMove(tx, id), (await readSettings(tx)).timeZone),
  );
}
