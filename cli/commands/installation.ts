import type { Command } from 'commander';

import { readConfig } from '../../platform/config';
import type { InstallationParts } from '../installation/verify-installation';
import { requireAdminUrl } from '../require-admin-url';

export function addInstallationCommand(program: Command): void {
  const installation = program
    .command('installation')
    .description('agreement of PostgreSQL and Temporal about whose data they hold');

  installation
    .command('verify')
    .description('check that both belong together; the first time, say so in both')
    .action(async () => {
      const id = await withParts(async (parts) => {
        const { verifyInstallation } = await import('../installation/verify-installation.js');

        return verifyInstallation(parts);
      });
      process.stdout.write(`Installation ${id}: PostgreSQL and Temporal belong together.\n`);
    });

  installation
    .command('repair')
    .description("stamp Temporal with PostgreSQL's installation id")
    .option('--yes', 'do it')
    .action(async (options: { yes?: boolean }) => {
      if (options.yes !== true) {
        throw new Error(
          'This tells Temporal that its workflows belong to this PostgreSQL database. Make sure that they do, or that ' +
            'nothing of them is needed, and repeat with --yes.',
        );
      }
      const id = await withParts(async (parts) => {
        const { repairInstallation } = await import('../installation/verify-installation.js');

        return repairInstallation(parts);
      });
      process.stdout.write(`Installation ${id}: Temporal is stamped anew. Next: bmms doctor --repair\n`);
    });
}

async function withParts<Result>(work: (parts: InstallationParts) => Promise<Result>): Promise<Result> {
  const config = readConfig();
  const adminUrl = requireAdminUrl(config);
  const [{ openTemporal }, { ensureSearchAttributes }] = await Promise.all([
    import('../../platform/temporal/client.js'),
    import('../../platform/temporal/ensure-search-attributes.js'),
  ]);
  const temporal = openTemporal({ address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });

  try {
    await temporal.verify(10_000);
    await ensureSearchAttributes(temporal.connection, config.TEMPORAL_NAMESPACE);

    return await work({ adminUrl, temporal: temporal.client, temporalAddress: config.TEMPORAL_ADDRESS });
  } finally {
    await temporal.close();
  }
}
