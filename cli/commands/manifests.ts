import path from 'node:path';

import { type Command, InvalidArgumentError } from 'commander';

import type { ObjectChange } from '../../domain/deployments/deployment-target-types';
import { businessModels, type BusinessModel } from '../../domain/intents/intent-types';
import { readConfig } from '../../platform/config';
import { describeFailure } from '../describe-failure';
import { wantedServices } from '../manifests/wanted-services';
import { printResult } from '../print-result';

interface Options {
  model?: BusinessModel;
  json?: boolean;
  out?: string;
}

/** `bmms manifests …`: what stands, or would stand, in a Kubernetes cluster (D31). */
export function addManifestsCommand(program: Command): void {
  const manifests = program.command('manifests').description('manifests for Kubernetes');
  const model = (command: Command): Command =>
    command.option('--model <name>', `only what this business model needs runs (${businessModels.join(', ')})`, known);

  manifests.command('bootstrap').description('print what an administrator of a cluster applies once').action(bootstrap);
  model(manifests.command('render').description('print the manifests of all services, or write them to a folder'))
    .option('--out <folder>', 'write there, as a revision of its own, instead of printing')
    .action(render);
  model(
    manifests
      .command('diff')
      .description('what applying them would change in the cluster; status 0: nothing, 1: something, 2: it is refused'),
  )
    .option('--json', 'print JSON')
    // As of `kubectl diff`: 1 says that something differs, so no mistake may end with it.
    .exitOverride(({ exitCode }) => process.exit(exitCode === 0 ? 0 : 2))
    .action(diff);
}

async function bootstrap(): Promise<void> {
  const [{ renderBootstrap }, { configuredSettings }] = await Promise.all([
    import('../../gateways/kubernetes/bootstrap/bootstrap-objects.js'),
    import('../../gateways/kubernetes/render/configured-settings.js'),
  ]);
  process.stdout.write(renderBootstrap(configuredSettings(readConfig())));
}

async function render({ model, out }: Options): Promise<void> {
  const [{ renderRelease }, { podSettings }] = await Promise.all([
    import('../../gateways/kubernetes/render/render-release.js'),
    import('../../gateways/kubernetes/render/configured-settings.js'),
  ]);
  const config = readConfig();
  const settings = podSettings(config);
  const wanted = wantedServices(model ?? null, config);

  if (out === undefined) {
    const { objects } = await renderRelease(wanted, settings);
    process.stdout.write(objects.map(({ text }) => text).join('---\n'));

    return;
  }
  const [{ createDirectoryTarget }, { nextExportKey }] = await Promise.all([
    import('../../gateways/directory/create-directory-target.js'),
    import('../../gateways/directory/next-export-key.js'),
  ]);
  const target = createDirectoryTarget({ folder: out, render: (services) => renderRelease(services, settings) });
  const release = await target.render(wanted);
  const key = nextExportKey(out, release);
  const { revision } = await target.apply({ release, key, approved: await target.describe() });
  process.stdout.write(`Revision ${revision}: ${release.objects.length} manifests in ${path.join(out, 'latest')}/\n`);
}

async function diff({ model, json }: Options): Promise<void> {
  const changes = await planChanges(model ?? null).catch((error: unknown) => {
    process.stderr.write(`${describeFailure(error)}\n`);

    return null;
  });

  if (changes === null) {
    process.exitCode = 2;

    return;
  }
  const differing = changes.filter(({ change, takenFrom }) => change !== 'unchanged' || takenFrom.length > 0);
  printResult(json === true ? differing.map((change) => ({ ...change })) : differing.map(rowOf), { json });
  process.exitCode = differing.length === 0 ? 0 : 1;
}

async function planChanges(model: BusinessModel | null): Promise<ObjectChange[]> {
  const { openClusterTarget } = await import('../../gateways/open-cluster-target.js');
  const config = readConfig();
  const target = await openClusterTarget(config);
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
    throw new InvalidArgumentError(`Models: ${businessModels.join(', ')}.`);
  }

  return found;
}
