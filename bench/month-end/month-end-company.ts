import { execFile } from 'node:child_process';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

import { call } from '../orders/shop';
import type { BenchSystem } from '../start-system';

const weekMs = 7 * 86_400_000;
const password = 'bench-password-1';

/** A company beside the demo company, with one weekly subscription that is to be renewed at an instant. */
export interface MonthEndCompany {
  companyId: number;
  subscriptionId: number;
  customerId: number;
}

/**
 * Founds a company, and in it a subscription whose first period ends at `renewsAt`: it began a week before, and is paid by a
 * card. Weekly, because what is billed less than eight days ahead is invoiced, charged and renewed at one instant.
 */
export async function openMonthEndCompany(system: BenchSystem, renewsAt: Date): Promise<MonthEndCompany> {
  const operator = 'operator@bench.test';
  await bmms(system, ['user', 'create', '--role', 'super_admin', '--email', operator, '--company', 'demo']);
  const login = async (email: string, company: string) =>
    (
      await call<{ accessToken: string }>(system.api, 'POST', '/auth/login', {
        body: { email, password },
        company,
      })
    ).accessToken;
  const admin = { email: 'admin@month-end.test', password };
  const { id: companyId } = await call<{ id: number }>(system.api, 'POST', '/companies', {
    token: await login(operator, 'demo'),
    body: { slug: 'month-end', name: 'Month end', admin },
  });
  const token = await login(admin.email, 'month-end');
  const make = <Answer extends { id: number }>(address: string, body: unknown) =>
    call<Answer>(system.api, 'POST', address, { body, token });
  const plan = await make('/plans', { name: 'Weekly', price: 99_000, currency: 'VND', billingCycle: 'weekly' });
  const customer = await make('/customers', { name: 'First', email: 'first@month-end.test' });
  const subscription = await make('/subscriptions', {
    customerId: customer.id,
    planId: plan.id,
    startsAt: new Date(renewsAt.getTime() - weekMs).toISOString(),
    paymentMethod: 'card',
    paymentToken: 'tok_ok',
  });

  const isActive = async () =>
    (await call<{ activatedAt: string | null }>(system.api, 'GET', `/subscriptions/${subscription.id}`, { token }))
      .activatedAt !== null;

  while (!(await isActive())) {
    await sleep(100);
  }

  return { companyId, subscriptionId: subscription.id, customerId: customer.id };
}

/** A command of `bmms` on the system, to its end. */
async function bmms({ dataFolder }: BenchSystem, words: readonly string[]): Promise<void> {
  const project = path.resolve(__dirname, '../../..');
  await promisify(execFile)(process.execPath, [path.join(project, 'dist/cli/bmms.js'), ...words], {
    cwd: project,
    env: { ...process.env, BMMS_DATA_FOLDER: dataFolder, BMMS_PASSWORD: password },
  });
}
