import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

import { signUpCompany, type SignedUpCompany, testSystem } from '../../environment/test-system';
import { intentOf, until } from './switch-world';

const target = 'directory';
const folder = path.join(testSystem().logFolder, 'manifests');
let company: SignedUpCompany;

beforeAll(async () => {
  company = await signUpCompany();
});

async function exported(businessModel: string) {
  const asked = await company.api.post('/model/switch', { intent: intentOf({ businessModel }), target });
  expect(asked).toMatchObject({ status: 201, body: { target: { kind: 'directory', server: folder } } });
  const { id, planHash } = asked.body;
  expect((await company.api.post(`/model/deployments/${id}/approve`, { planHash })).status).toBe(200);

  return until('the manifests are written', async () => {
    const { body } = await company.api.get(`/model/deployments/${id}`);

    return body.endedAt === null ? false : body;
  });
}

it('writes the manifests of a switch to a folder, and changes nothing of the business', async () => {
  const before = (await company.api.get('/model')).body;
  const shown = await company.api.post('/model/parse', { intent: intentOf({ businessModel: 'subscription' }), target });

  expect(shown.body.description.en).toContain('Only manifests are written: the business itself does not change.');
  const ended = await exported('subscription');

  expect(ended).toMatchObject({ status: 'succeeded', committedAt: null, doorClosedAt: null, retiring: [] });
  const latest = path.join(folder, 'latest');
  expect(readFileSync(path.join(latest, 'bmms-finance/billing-svc/configmap.yaml'), 'utf8')).toContain(
    'SUBSCRIPTION_ENABLED',
  );
  expect(existsSync(path.join(latest, 'bmms-order/subscription-svc/deployment.yaml'))).toBe(true);
  const after = (await company.api.get('/model')).body;
  expect(after).toMatchObject({ businessModel: before.businessModel, accepts: before.accepts, deployment: null });
  const events = await testSystem().query<{ type: string }>(
    'SELECT type FROM platform.events WHERE subject = $1 ORDER BY id',
    [`model-switch/${ended.id}`],
  );
  expect(events.map(({ type }) => type)).toEqual([
    'model_switch.planned',
    'model_switch.approved',
    'k8s.deployment.requests',
    'k8s.deployment.succeeded',
  ]);
});

it('plans from what was written last, and writes a revision beside it', async () => {
  const next = await company.api.post('/model/parse', { intent: intentOf({ businessModel: 'retail' }), target });
  const actions = Object.fromEntries(
    next.body.changeset.services.map(({ service, action }: { service: string; action: string }) => [service, action]),
  );

  expect(actions['billing-svc']).toMatch(/keep|update/);
  expect(actions['order-svc']).toMatch(/create|keep/);
  const revisions = () => readdirSync(folder).filter((name) => /^\d+-/.test(name)).length;
  const before = revisions();
  const { revision } = await exported('retail');
  expect(revisions()).toBe(before + 1);
  expect(readdirSync(folder)).toContainEqual(expect.stringMatching(new RegExp(`^${revision}-model-switch-`)));
});
