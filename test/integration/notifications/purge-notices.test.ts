import { purgeNotices } from '../../../domain/notifications/purge-notices';
import { deliverDueNotices } from '../../../domain/notifications/deliver-notices';
import { openTestCompany } from '../../environment/test-company';
import { queryAsOwner } from '../../environment/admin';
import { type NoticeWorld, openNoticeWorld, startRefusingServer } from './notice-world';

const day = 86_400_000;
/** Where the time of the world stands at first. */
const start = new Date('2026-01-05T03:00:00Z');

let world: NoticeWorld;

beforeEach(async () => {
  world = await openNoticeWorld();
});
afterEach(() => world.close());

const left = async () => (await world.notices()).map(({ kind, status }) => `${kind} ${status}`);
const after = (days: number) => ({ before: new Date(start.getTime() + days * day) });

it('deletes what was sent or skipped before the bound, in batches; what failed or waits stays', async () => {
  const refusing = await startRefusingServer({ code: 550, at: 'recipient' });
  const customerId = await world.addCustomer();
  await world.tell(customerId, 'payment_failed');
  await deliverDueNotices(world.options({ customers: world.gateway(refusing.url) }));
  await refusing.close();
  await world.tell(customerId, 'trial_ended');
  await deliverDueNotices(world.options({ customers: null }));

  for (let nth = 0; nth < 5; nth += 1) {
    await world.tell(customerId, 'plan_changed');
  }
  await deliverDueNotices(world.options());
  world.moveTime(2 * day);
  await world.tell(customerId, 'subscription_paused');
  await deliverDueNotices(world.options());
  await world.tell(customerId, 'subscription_resumed');

  expect(await purgeNotices(world.test.database, after(0))).toBe(0);
  expect(await purgeNotices(world.test.database, { ...after(1), batch: 2 })).toBe(6);
  expect(await left()).toEqual(['payment_failed failed', 'subscription_paused sent', 'subscription_resumed pending']);
  expect(await purgeNotices(world.test.database, after(1))).toBe(0);
});

it('goes by when a notice was skipped, whatever the time of its customer', async () => {
  const customerId = await world.addCustomer();
  await world.tell(customerId, 'trial_ended', { isTest: true });
  await world.tell(customerId, 'plan_changed', { isTest: true });
  await queryAsOwner(
    world.test.adminUrl,
    `UPDATE platform.notices SET created_at = CASE kind WHEN 'trial_ended' THEN '2020-01-01Z' ELSE '2030-01-01Z' END::timestamptz`,
  );
  await deliverDueNotices(world.options());

  expect(await purgeNotices(world.test.database, after(0))).toBe(0);
  expect(await purgeNotices(world.test.database, after(1))).toBe(2);
});

it('reaches every company', async () => {
  const other = await openTestCompany(world.test.database);
  await world.tell(await world.addCustomer(), 'plan_changed');
  await queryAsOwner(
    world.test.adminUrl,
    `INSERT INTO platform.notices (company_id, customer_id, subject, kind, priority, locale, data, status, skipped_at, created_at)
     VALUES ($1, $2, 'subscription/1', 'plan_changed', 'important', 'en', '{}', 'skipped', $3, $3)`,
    [other.id, await other.addCustomer(), start],
  );
  await deliverDueNotices(world.options());

  expect(await purgeNotices(world.test.database, after(1))).toBe(2);
  expect(await left()).toEqual([]);
});
