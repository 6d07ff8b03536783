import path from 'node:path';

import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { Registry } from 'prom-client';

import { createDriftActivities } from '../../../activities/drift-activities';
import { lookAtTarget } from '../../../clients/drift-client';
import { forgetDrift, noteDrift } from '../../../domain/deployments/drift/note-drift';
import type { DriftMode, DriftReport } from '../../../domain/deployments/drift/drift-types';
import { openDatabase } from '../../../platform/db/database';
import { systemClock } from '../../../platform/clock';
import { openTemporal, type TemporalClient } from '../../../platform/temporal/client';
import { exposeDriftedObjects } from '../../../workers/drifted-objects';
import { queryAsOwner } from '../../environment/admin';
import { claimNamespace } from '../../environment/claim-namespace';
import { testServers } from '../../environment/servers';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { type DriftingTarget, openDriftingTarget, targetId } from './drifting-target';

const names = ['order-svc', 'subscription-svc', 'inventory-svc'];

let test: TestDatabase;
let companies: TestCompany[];
let temporal: TemporalClient;
let cluster: DriftingTarget;
let stopWorkers: () => Promise<void>;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  test = await createTestDatabase();
  companies = [await openTestCompany(test.database), await openTestCompany(test.database)];
  const namespace = await claimNamespace();
  temporal = openTemporal({ address: testServers().temporalAddress, namespace });
  stopWorkers = await runWorkers(namespace);
});
afterAll(async () => {
  await stopWorkers?.();
  await temporal?.close();
  await test?.drop();
});
beforeEach(async () => {
  cluster = openDriftingTarget(names);
  await forgetDrift(test.database, 'kubernetes');
  await queryAsOwner(test.adminUrl, `DELETE FROM platform.events WHERE subject = 'drift/kubernetes'`, []);
});

async function runWorkers(namespace: string): Promise<() => Promise<void>> {
  const connection = await NativeConnection.connect({ address: testServers().temporalAddress });
  const activities = createDriftActivities({
    database: test.database,
    clock: systemClock,
    targets: () => Promise.resolve(cluster.target),
    temporal: temporal.client,
  });
  const workflowBundle = { codePath: path.resolve(__dirname, '../../../dist/workflow-bundle.js') };
  const workers = [
    await Worker.create({ connection, namespace, taskQueue: 'llm-orchestrator', workflowBundle }),
    await Worker.create({ connection, namespace, taskQueue: 'k8s-generator', activities }),
  ];
  const runs = workers.map((worker) => worker.run());

  return async () => {
    workers.forEach((worker) => worker.shutdown());
    await Promise.all(runs);
    await connection.close();
  };
}

const look = (mode: DriftMode) => lookAtTarget(temporal.client, { kind: 'kubernetes', mode, patienceMs: 30_000 });

/** What was told, in its order, with the lines of each. */
const told = async () =>
  (
    await queryAsOwner<{ company_id: string; type: string; payload: { says: string[] } }>(
      test.adminUrl,
      `SELECT company_id, type, payload FROM platform.events WHERE subject = 'drift/kubernetes' ORDER BY id`,
      [],
    )
  ).map(({ type, payload }) => [type, ...payload.says]);

async function gauge(database = test.database): Promise<string | undefined> {
  const registry = new Registry();
  exposeDriftedObjects(registry, database);

  return (await registry.metrics()).split('\n').find((line) => line.startsWith('bmms_drifted_objects'));
}

const gone = (service: string): string => `Deployment bmms-order/${service} is missing`;

describe('looks of the Schedule', () => {
  it('tell what has drifted once for each change of it, and that it is mended, whoever did it', async () => {
    await look('warn');
    expect([await told(), await gauge()]).toEqual([[], 'bmms_drifted_objects{target="kubernetes"} 0']);

    cluster.gone.add('order-svc');
    await look('warn');
    await look('warn');
    cluster.gone.add('inventory-svc');
    await look('warn');
    expect(await gauge()).toBe('bmms_drifted_objects{target="kubernetes"} 2');
    cluster.gone.delete('order-svc');
    await look('warn');
    cluster.gone.clear();
    await look('warn');
    await look('warn');

    expect(await told()).toEqual([
      ['k8s.drift.found', gone('order-svc')],
      ['k8s.drift.found', gone('order-svc'), gone('inventory-svc')],
      ['k8s.drift.found', gone('inventory-svc')],
      ['k8s.drift.mended'],
    ]);
    expect(await gauge()).toBe('bmms_drifted_objects{target="kubernetes"} 0');
  });

  it('that mend tell both, and nothing of a mend that came to nothing', async () => {
    cluster.gone.add('order-svc');
    cluster.isBroken = true;
    expect(await look('mend')).toMatchObject({ outcome: 'not_mended' });
    expect([await told(), await gauge()]).toEqual([
      [['k8s.drift.found', gone('order-svc')]],
      'bmms_drifted_objects{target="kubernetes"} 1',
    ]);

    cluster.isBroken = false;
    expect(await look('mend')).toMatchObject({ outcome: 'mended', revision: 2 });
    expect(await told()).toEqual([['k8s.drift.found', gone('order-svc')], ['k8s.drift.mended']]);
  });

  it('give the target back when it refuses what would mend it', async () => {
    cluster.gone.add('order-svc');
    cluster.isForbidden = true;
    await expect(look('mend')).rejects.toThrow();

    expect(cluster.isBusy).toBe(false);
    cluster.isForbidden = false;
    expect(await look('mend')).toMatchObject({ outcome: 'mended' });
  });

  it('say nothing while something is brought there; who only asks changes nothing', async () => {
    cluster.gone.add('order-svc');
    cluster.isBusy = true;
    await look('warn');
    cluster.isBusy = false;
    expect(await look('look')).toMatchObject({ says: [gone('order-svc')] });

    expect([await told(), await gauge()]).toEqual([[], undefined]);
  });
});

describe('what a look found', () => {
  const found = (...says: string[]): DriftReport => ({
    target: 'kubernetes',
    revision: 1,
    isBusy: false,
    changes: [],
    superfluous: [],
    needed: [],
    outcome: 'found',
    says,
  });
  const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second));
  const note = (second: number, ...says: string[]) =>
    noteDrift(test.database, { report: found(...says), targetId, lookedAt: at(second) });

  it('is told once by looks at the same time, and not by one that began earlier', async () => {
    await Promise.all([1, 2, 3, 4].map((second) => note(second, 'a')));
    await note(0);

    expect(await told()).toEqual([['k8s.drift.found', 'a']]);
    await note(5);
    expect(await told()).toEqual([['k8s.drift.found', 'a'], ['k8s.drift.mended']]);
  });

  it('is told to the company whose switch was brought there last', async () => {
    await note(1, 'a');
    await queryAsOwner(
      test.adminUrl,
      `INSERT INTO platform.deployments (company_id, status, target, target_id, drain, intent, plan, plan_hash, expires_at, committed_at, ended_at, created_at, updated_at)
       VALUES ($1, 'succeeded', '{}', $2, 'finish', '{}', '{}', 'h', now(), now(), now(), now(), now())`,
      [companies[1]?.id, targetId],
    );
    await note(2);
    const rows = await queryAsOwner<{ company_id: string; type: string }>(
      test.adminUrl,
      `SELECT company_id::int, type FROM platform.events WHERE subject = 'drift/kubernetes' ORDER BY id`,
      [],
    );

    expect(rows).toEqual([
      { company_id: companies[0]?.id, type: 'k8s.drift.found' },
      { company_id: companies[1]?.id, type: 'k8s.drift.mended' },
    ]);
  });

  it('is no figure while PostgreSQL is away, and the others are told all the same', async () => {
    const away = openDatabase({ url: 'postgresql://bmms_app:x@127.0.0.1:1/none', poolSize: 1 });

    expect(await gauge(away)).toBeUndefined();
    await away.close();
  });
});
