import { text } from 'node:stream/consumers';

import { type Command, Option } from 'commander';
import { z } from 'zod';

import { plainIssue } from '../../domain/plain-issue';
import { systemClock } from '../../platform/clock';
import { readConfig } from '../../platform/config';
import { runningEnvironment } from '../running-environment';

const staff = ['super_admin', 'company_admin', 'shop_manager', 'staff'] as const;

const Input = z.object({
  email: z.email('is not an e-mail address').max(254).toLowerCase(),
  password: z.string().min(8, 'needs at least 8 characters').max(128, 'takes at most 128 characters'),
  name: z.string().trim().min(1).max(200).nullable(),
  role: z.enum(staff),
});

export function addUserCommand(program: Command): void {
  const user = program.command('user').description('people who can sign in');

  user
    .command('create')
    .description('create a user; the password comes from BMMS_PASSWORD or from standard input')
    .requiredOption('--email <email>', 'address to sign in with')
    .addOption(new Option('--role <role>', 'what they may do').choices(staff).makeOptionMandatory())
    .option(
      '--company <slug>',
      'company they belong to (default: DEFAULT_COMPANY, which is created when it is missing)',
    )
    .option('--name <name>', 'how they are called')
    .action((options: { email: string; role: string; company?: string; name?: string }) => createUserFor(options));
}

async function createUserFor(options: { email: string; role: string; company?: string; name?: string }): Promise<void> {
  const config = readConfig(runningEnvironment());
  const input = parse({ ...options, name: options.name ?? null, password: await readPassword() });
  const [{ openDatabase }, { passwords }, { createUser }, { findCompany }, { ensureCompany }, { nextId }] =
    await Promise.all([
      import('../../platform/db/database.js'),
      import('../../domain/identity/passwords/passwords.js'),
      import('../../domain/identity/create-user.js'),
      import('../../domain/companies/find-company.js'),
      import('../seed/ensure-company.js'),
      import('../next-id.js'),
    ]);
  const database = openDatabase({ url: config.DATABASE_URL, poolSize: 1 });
  const now = systemClock.now();
  const slug = options.company ?? config.DEFAULT_COMPANY;

  try {
    // A slip of the pen in --company must not found another one.
    const known = options.company === undefined ? null : await findCompany(database.system, slug);

    if (options.company !== undefined && known === null) {
      throw new Error(`There is no company ${slug}.`);
    }

    const companyId = known?.id ?? (await ensureCompany({ config, database, slug, name: slug, now }));
    const id = await nextId(database.system, 'customer.users');
    const { password, ...rest } = input;
    const passwordHash = await passwords.hashPassword(password, input);
    await database.withTenant(companyId, (tx) => createUser(tx, { ...rest, id, passwordHash, now }));
    process.stdout.write(`Created ${input.role} ${input.email} of the company ${slug}.\n`);
  } finally {
    await database.close();
  }
}

/** Never from an argument: those are seen by everybody on the machine and kept in shell histories. */
async function readPassword(): Promise<string> {
  const given = process.env['BMMS_PASSWORD'];

  if (given !== undefined && given !== '') {
    return given;
  }
  if (process.stdin.isTTY) {
    process.stderr.write('Password, then Enter and Ctrl-D (it is shown as you type): ');
  }

  return (await text(process.stdin)).replace(/\r?\n$/, '');
}

function parse(value: unknown): z.output<typeof Input> {
  const parsed = Input.safeParse(value, { error: plainIssue });

  if (!parsed.success) {
    throw new Error(parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; '));
  }

  return parsed.data;
}
