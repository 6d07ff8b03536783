import { ApplicationFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';

import { openDatabase } from '../../../platform/db/database';
import { createAccessTokens } from '../../../domain/identity/sessions/access-token';
import { systemClock } from '../../../platform/clock';
import { workerServices } from '../../../workers/services';
import { openTestCompany } from '../../environment/test-company';
import { openSwitchWorld, plan199, type SwitchWorld, until } from './switch-world';

/** A system of its own, whose worker host is killed and replaced. */
let world: SwitchWorld;
let host: number;

beforeAll(async () => {
  Runtime.install({
    logger: new DefaultLogger('ERROR', () => undefined),
    telemetryOptions: { logging: { filter: 'OFF', forward: {} } },
  });
  world = await openSwitchWorld();
  host = world.system.description.pids[1] as number;
}, 240_000);
afterAll(() => {
  const [api = 0, , ...others] = world.system.description.pids;

  return world.close([api, host, ...others]);
});

function killHost(): Promise<unknown> {
  process.kill(host, 'SIGKILL');

  return until('the worker host is gone', async () => {
    try {
      process.kill(host, 0);

      return false;
    } catch {
      return true;
    }
  });
}

/** @param without a service that it does not run, whatever is wanted */
async function startHost(without?: string): Promise<void> {
  const names = workerServices.map(({ name }) => name).filter((name) => name !== without);
  host = (await world.system.start('worker', 'worker', ...names)).pid;
}

const openDoors = { orders: true, subscriptions: false, addons: false };

it('puts everything back when it is cancelled during the rollout, and when a service never gets ready', async () => {
  expect(await world.switchTo({ businessModel: 'retail' })).toMatchObject({ status: 'succeeded' });
  await killHost();
  await startHost('subscription-svc');
  const wanted = { businessModel: 'subscription', plans: [{ ...plan199, name: 'Pro', price: 7_000 }] };
  const cancelled = await world.ask(wanted);
  await world.approve(cancelled);
  await world.reaches(cancelled.id, ['applying']);
  expect(await world.stateOf('subscription-svc')).toMatch(/running|stopped/);
  expect(await world.order()).toMatchObject({ status: 409, body: { code: 'model_not_accepting' } });
  await world.api.post(`/model/deployments/${cancelled.id}/cancel`);

  expect(await world.over(cancelled.id)).toMatchObject({ status: 'rolled_back', outcomeCode: 'cancelled' });
  await world.keep('cancelled-during-rollout', cancelled.id);
  const late = await world.ask(wanted);
  await world.approve(late);

  expect(await world.over(late.id)).toMatchObject({
    status: 'rolled_back',
    outcomeCode: 'rollout_timed_out',
    outcome: expect.stringContaining('subscription-svc'),
  });
  await world.keep('rolled-back', late.id);
  expect((await world.api.get('/model')).body).toMatchObject({ businessModel: 'retail', accepts: openDoors });
  expect(await world.stateOf('subscription-svc')).toBe('stopped');
  expect(await world.query(`SELECT DISTINCT status FROM product.plans WHERE price = 7000`)).toEqual([
    { status: 'archived' },
  ]);
  expect((await world.order()).status).toBe(201);
});

/** Somebody who asks the queue of a service for work, and cannot do it. */
async function startImpostor(service: string): Promise<() => Promise<void>> {
  const { temporalAddress, temporalNamespace } = world.system.description;
  const connection = await NativeConnection.connect({ address: temporalAddress });
  const worker = await Worker.create({
    connection,
    namespace: temporalNamespace,
    taskQueue: service,
    activities: {
      ping: () => Promise.reject(ApplicationFailure.nonRetryable('its database has another version')),
    },
  });
  const ended = worker.run();

  return async () => {
    worker.shutdown();
    await ended;
    await connection.close();
  };
}

it('puts everything back when a service asks for work and does not answer; what answers is kept', async () => {
  const wanted = { businessModel: 'subscription', plans: [{ ...plan199, name: 'Mute', price: 8_000 }] };
  const asked = await world.ask(wanted);
  await world.approve(asked);
  await world.reaches(asked.id, ['applying']);
  const stopImpostor = await startImpostor('subscription-svc');

  expect(await world.over(asked.id)).toMatchObject({
    status: 'rolled_back',
    outcomeCode: 'smoke_failed',
    outcome: 'a service does not answer: its database has another version',
    committedAt: null,
  });
  await stopImpostor();
  expect((await world.api.get('/model')).body).toMatchObject({ businessModel: 'retail', accepts: openDoors });
  expect(await world.stateOf('subscription-svc')).toBe('stopped');
  expect(await world.query(`SELECT status FROM product.plans WHERE price = 8000`)).toEqual([{ status: 'archived' }]);

  await killHost();
  await startHost();
  expect(await world.switchTo(wanted)).toMatchObject({ status: 'succeeded' });
  expect(await world.query(`SELECT status FROM product.plans WHERE price = 8000 ORDER BY id`)).toEqual([
    { status: 'archived' },
    { status: 'active' },
  ]);
});

it('lets two companies switch at once: each keeps what the other needs, and only super_admin stops what nobody needs', async () => {
  const { appUrl, jwtSecret } = world.system.description;
  await world.switchTo({ businessModel: 'multi' });
  const database = openDatabase({ url: appUrl, poolSize: 2 });
  const company = await openTestCompany(database, { secret: jwtSecret });
  await database.close();
  const other = world.api.with({ token: company.admin.token });
  const first = await world.ask({ businessModel: 'subscription' });
  const second = await world.ask({ businessModel: 'subscription' }, {}, other);
  const reasons = ({ changeset }: { changeset: { services: { service: string; reason: string | null }[] } }) =>
    changeset.services.find(({ service }) => service === 'order-svc')?.reason;

  expect([reasons(first), reasons(second)]).toEqual(['shared', 'shared']);
  await Promise.all([world.approve(first), world.approve(second, other)]);
  const settled = async ({ id }: { id: number }, by = world.api) =>
    until('it is over or asked again', async () => {
      const { body } = await by.get(`/model/deployments/${id}`);

      return body.endedAt !== null || (body.status === 'awaiting_approval' && body.approvedAt === null) ? body : false;
    });
  const ended = [await settled(first), await settled(second, other)];

  // Whoever comes second would stop order-svc by now: that is another plan, and it is asked again.
  expect(ended.map(({ status }) => status).sort()).toEqual(['awaiting_approval', 'succeeded']);
  const isFirstAsked = ended[0].status === 'awaiting_approval';
  const asked = isFirstAsked ? ended[0] : ended[1];
  const by = isFirstAsked ? world.api : other;
  expect(await world.approve(asked, by)).toMatchObject({ status: 403, body: { code: 'forbidden' } });
  const slug = isFirstAsked ? 'demo' : company.slug;
  const operator = world.api.with({
    token: await superAdmin(jwtSecret),
    headers: { 'x-company': slug },
  });
  expect((await world.approve(asked, operator)).status).toBe(200);
  expect(await world.over(asked.id, by)).toMatchObject({ status: 'succeeded', retiring: expect.any(Array) });
  await world.keep('asked-again', asked.id);
});

async function superAdmin(secret: string): Promise<string> {
  const [operator] = await world.query(
    `INSERT INTO customer.users (company_id, email, password_hash, role, created_at, updated_at)
     SELECT c.id, 'operator@bmms.test', u.password_hash, 'super_admin', now(), now()
       FROM platform.companies c JOIN customer.users u ON u.company_id = c.id AND u.email = 'admin@demo.test' WHERE c.slug = 'demo'
     RETURNING id, company_id`,
  );

  return createAccessTokens({ secret, clock: systemClock }).issueAccessToken({
    userId: Number(operator.id),
    companyId: Number(operator.company_id),
    role: 'super_admin',
    email: 'operator@bmms.test',
    customerId: null,
  });
}
