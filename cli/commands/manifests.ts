import type { Command } from 'commander';

import { businessModels, type BusinessModel } from '../../domain/intents/intent-types';
import type { ObjectChange } from '../../domain/deployments/deployment-target-types';
import { readConfig } from '../../platform/config';
import { describeFailure } from '../describe-failure';
import { printResult } from '../print-result';
import { wantedServices } from '../manifests/wanted-services';

interface Options {
  model?: BusinessModel;
  json?: boolean;
}

/** `bmms manifests …`: what stands, or would stand, in a Kubernetes cluster (D31). */
export function addManifestsCommand(program: Command): void {
  const manifests = program.command('manifests').description('manifests for Kubernetes');
  const model = (command: Command): Command =>
    command.option('--model <name>', `only what this business model needs runs (${businessModels.join(', ')})`, known);

  manifests.command('bootstrap').description('print what an administrator of a cluster applies once').action(bootstrap);
  model(manifests.command('render').description('print the manifests of all services, or write them to a folder'))
    .option('--out <folder>', 'write there, as a revision of its own, instead of printing')
    .action((options: Options & { out?: string }) => render(options));
  model(
    manifests
      .command('diff')
      .description('what applying them would change in the cluster; status 0: nothing, 1: something, 2: it is refused'),
  )
    .option('--json', 'print JSON')
    .action((options: Options) => diff(options));
}

async function bootstrap(): Promise<void> {
  const [{ renderBootstrap }, { manifestSettingsOf }] = await Promise.all([
    import('../../gateways/kubernetes/bootstrap/bootstrap-objects.js'),
    import('../../gateways/open-deployment-targets.js'),
  ]);
  process.stdout.write(renderBootstrap(manifestSettingsOf(readConfig())));
}

async function render({ model, out }: Options & { out?: string }): Promise<void> {
  const [{ renderRelease }, { manifestSettingsOf, openDeploymentTarget }] = await Promise.all([
    import('../../gateways/kubernetes/render/render-release.js'),
    import('../../gateways/open-deployment-targets.js'),
  ]);
  const config = readConfig();
  const release = await renderRelease(wantedServices(model ?? null, config), manifestSettingsOf(config));

  if (out === undefined) {
    process.stdout.write(release.objects.map(({ text }) => text).join('---\n'));

    return;
  }
  const target = await openDeploymentTarget('directory', { ...config, EXPORT_FOLDER: out });
  const key = `manifests-${release.digest.slice(0, 12)}`;
  const { revision } = await target.apply({ release, key, approved: await target.describe() });
  process.stdout.write(`Revision ${revision}: ${release.objects.length} manifests in ${out}/latest\n`);
}

async function diff({ model, json }: Options): Promise<void> {
  const changes = await planChanges(model ?? null).catch((error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`);

    return null;
  });

  if (changes === null) {
    // As of `kubectl diff`: 1 says that something differs.
    process.exitCode = 2;

    return;
  }
  const differing = changes.filter(({ change, takenFrom }) => change !== 'unchanged' || takenFrom.length > 0);
  printResult(json === true ? differing.map((change) => ({ ...change })) : differing.map(rowOf), { json });
  process.exitCode = differing.length === 0 ? 0 : 1;
}

async function planChanges(model: BusinessModel | null): Promise<ObjectChange[]> {
  const { openDeploymentTarget } = await import('../../gateways/open-deployment-targets.js');
  const config = readConfig();
  const target = await openDeploymentTarget('kubernetes', config);
  const { context, server, clusterId } = await target.describe();
  process.stderr.write(`Context ${context}, ${server}, cluster ${clusterId}\n`);

  return target.dryRun(await target.render(wantedServices(model, config)));
}

function rowOf({ kind, namespace, name, change, fields, takenFrom, leftTo }: ObjectChange): Record<string, unknown> {
  return {
    change,
    object: `${kind} ${namespace}/${name}`,
    fields: fields.join(', '),
    taken: takenFrom.map(({ manager, field }) => `${field} from ${manager}`).join(', '),
    left: leftTo.map(({ manager, field }) => `${field} to ${manager}`).join(', '),
  };
}

function known(text: string): BusinessModel {
  const found = businessModels.find((model) => model === text);

  if (found === undefined) {
    throw new Error(`There is no business model ${text}. Models: ${businessModels.join(', ')}.`);
  }

  return found;
}
