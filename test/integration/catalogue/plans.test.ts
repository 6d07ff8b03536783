import { createFeature } from '../../../domain/catalogue/features/create-feature';
import { createPlan, type NewPlan } from '../../../domain/catalogue/plans/create-plan';
import { listFeatures } from '../../../domain/catalogue/features/list-features';
import { listPlans, type PlanFilter } from '../../../domain/catalogue/plans/list-plans';
import { type FeatureChanges, updateFeature } from '../../../domain/catalogue/features/update-feature';
import { type PlanChanges, updatePlan } from '../../../domain/catalogue/plans/update-plan';
import { systemClock } from '../../../platform/clock';
import { queryAsOwner } from '../../environment/admin';
import { type CatalogueWorld, openCatalogueWorld } from './catalogue-world';

let world: CatalogueWorld;

beforeAll(async () => {
  world = await openCatalogueWorld();
  await addFeature('export');
  await addFeature('reports');
  await addFeature('api');
});

afterAll(() => world.test.drop());

const now = () => systemClock.now();
const addFeature = (code: string, companyId?: number, id?: number) =>
  world.run((tx) => createFeature(tx, { feature: { code, name: `Tính năng ${code}`, id }, now: now() }), companyId);
const changeFeature = (id: number, changes: FeatureChanges) =>
  world.run((tx) => updateFeature(tx, { id, changes, now: now() }));
let names = 0;
const create = (plan: Partial<NewPlan> = {}, companyId?: number) =>
  world.run(
    (tx) =>
      createPlan(tx, {
        plan: { name: `Gói ${(names += 1)}`, price: 99_000, billingCycle: 'monthly', ...plan },
        now: now(),
      }),
    companyId,
  );
const update = (id: number, changes: PlanChanges, companyId?: number) =>
  world.run((tx) => updatePlan(tx, { id, changes, now: now() }), companyId);

describe('plans', () => {
  it('are made with their features, trial and the currency of the company', async () => {
    const plan = await create({ trialEnabled: true, trialDays: 14, features: ['reports', 'export', 'reports'] });

    expect(plan).toMatchObject({
      price: 99_000,
      currency: 'VND',
      billingCycle: 'monthly',
      trialEnabled: true,
      trialDays: 14,
      features: ['export', 'reports'],
      status: 'active',
    });
    expect(await world.eventsOf(`plan/${plan.id}`)).toEqual([
      { type: 'plan.created', payload: expect.objectContaining({ id: plan.id, features: ['export', 'reports'] }) },
    ]);
  });

  it('may be free', async () => {
    expect(await create({ price: 0 })).toMatchObject({ price: 0, trialEnabled: false, trialDays: 0 });
  });

  it('are made once when repeated with their reserved id', async () => {
    const id = await world.nextId('plan');
    const plan = { id, name: 'Gói lặp lại', features: ['api'] };
    const made = await Promise.all([create(plan), create(plan), create(plan)]);

    expect(made.map((row) => row.id)).toEqual([id, id, id]);
    expect(await world.eventsOf(`plan/${id}`)).toHaveLength(1);
  });

  it('have a name of their own in the company, archived or not', async () => {
    const first = await create({ name: 'Pro' });
    await update(first.id, { status: 'archived' });
    const second = await create();

    await expect(create({ name: 'Pro' })).rejects.toMatchObject({
      code: 'already_exists',
      field: '/name',
      params: { existingId: first.id },
    });
    await expect(update(second.id, { name: 'Pro' })).rejects.toMatchObject({ code: 'already_exists', field: '/name' });
    await expect(create({ name: 'Pro' }, world.other.id)).resolves.toMatchObject({ currency: 'USD' });
  });

  it('name features that the company has, and say which it has not', async () => {
    await addFeature('foreign', world.other.id);

    await expect(create({ features: ['export', 'foreign', 'nothing'] })).rejects.toMatchObject({
      code: 'validation_failed',
      field: '/features/1',
      params: { errors: [{ field: '/features/1' }, { field: '/features/2' }] },
    });
  });

  it('leave nothing behind when they are refused', async () => {
    await expect(create({ name: 'Dở dang', features: ['nothing'] })).rejects.toMatchObject({ field: '/features/0' });
    await expect(create({ name: 'Dở dang', trialDays: 3 })).rejects.toMatchObject({ field: '/trialDays' });
    await expect(create({ name: 'Dở dang' })).resolves.toMatchObject({ name: 'Dở dang' });
  });

  it('change their features, trial and price, and tell what changed', async () => {
    const { id } = await create({ trialEnabled: true, trialDays: 7, features: ['export', 'api'] });
    const after = await update(id, { price: 120_000, features: ['reports', 'api'], trialEnabled: false });

    expect(after).toMatchObject({ price: 120_000, features: ['api', 'reports'], trialEnabled: false, trialDays: 0 });
    expect((await world.eventsOf(`plan/${id}`))[1]?.payload).toMatchObject({
      changed: expect.arrayContaining(['price', 'features', 'trialEnabled', 'trialDays']),
      previous: { price: 99_000, currency: 'VND' },
    });
    expect(await update(id, { features: [] })).toMatchObject({ features: [] });
  });

  it('write nothing without a change', async () => {
    const { id, updatedAt } = await create({ features: ['export', 'api'] });
    const after = await update(id, { features: ['export', 'api', 'api'], price: 99_000, billingCycle: 'monthly' });

    expect(after.updatedAt).toEqual(updatedAt);
    expect(await world.eventsOf(`plan/${id}`)).toHaveLength(1);
  });

  it('are not there for another company', async () => {
    const { id } = await create();

    await expect(update(id, { price: 1 }, world.other.id)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('are listed by filter, drafts and archived ones on demand', async () => {
    const shop = world.other.id;
    const add = (name: string, plan: Partial<NewPlan>) => create({ name, ...plan }, shop);
    await add('Tháng', { price: 10 });
    await add('Năm', { price: 100, billingCycle: 'yearly', trialEnabled: true, trialDays: 14 });
    await add('Nháp', { status: 'draft' });
    const old = await add('Cũ', { currency: 'EUR' });
    await update(old.id, { status: 'archived' }, shop);
    const list = async (filter: Partial<PlanFilter>) => {
      const rows = await world.run(
        (tx) => listPlans(tx, { filter: { statuses: ['active'], ...filter }, after: 0, limit: 50 }),
        shop,
      );

      return rows.map((row) => row.name).filter((name) => name !== 'Pro');
    };

    expect(await list({})).toEqual(['Tháng', 'Năm']);
    expect(await list({ q: 'thang' })).toEqual(['Tháng']);
    expect(await list({ billingCycle: 'yearly' })).toEqual(['Năm']);
    expect(await list({ trialEnabled: true })).toEqual(['Năm']);
    expect(await list({ trialEnabled: false })).toEqual(['Tháng']);
    expect(await list({ statuses: ['draft', 'archived'] })).toEqual(['Nháp', 'Cũ']);
    expect(await list({ statuses: ['archived'], currency: 'EUR' })).toEqual(['Cũ']);
  });

  it('have a trial exactly when they have days, whatever the code does', async () => {
    const { id } = await create();

    await expect(
      queryAsOwner(world.test.adminUrl, 'UPDATE product.plans SET trial_days = 3 WHERE id = $1', [id]),
    ).rejects.toThrow(/plans_trial_has_days/);
  });
});

describe('features', () => {
  it('are made once when repeated with their reserved id, and keep their code', async () => {
    const id = await world.nextId('feature');
    await Promise.all([addFeature('sso', undefined, id), addFeature('sso', undefined, id)]);

    expect(await world.eventsOf(`feature/${id}`)).toHaveLength(1);
    await expect(addFeature('sso')).rejects.toMatchObject({
      code: 'already_exists',
      field: '/code',
      params: { existingId: id },
    });
  });

  it('are renamed, archived and brought back', async () => {
    const { id } = await addFeature('audit');
    await changeFeature(id, { name: 'Nhật ký', description: 'Ai đã làm gì' });
    await changeFeature(id, { status: 'archived' });
    const found = (statuses: ('active' | 'archived')[]) =>
      world.run((tx) => listFeatures(tx, { filter: { statuses, q: 'nhat ky' }, after: 0, limit: 10 }));

    expect(await found(['active'])).toEqual([]);
    expect(await found(['archived'])).toMatchObject([{ code: 'audit', description: 'Ai đã làm gì' }]);
    await changeFeature(id, { status: 'active' });
    expect(await found(['active'])).toHaveLength(1);
    expect((await world.eventsOf(`feature/${id}`)).map((event) => event.type)).toEqual([
      'feature.created',
      'feature.updated',
      'feature.updated',
      'feature.updated',
    ]);
  });
});
