import { listEvents, viewEvent } from '../../../domain/events/list-events';
import { openTestCompany, type TestCompany } from '../../environment/test-company';
import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { emit, startDispatcher, until } from './outbox';

let test: TestDatabase;
let company: TestCompany;
let other: TestCompany;

beforeAll(async () => {
  test = await createTestDatabase();
  company = await openTestCompany(test.database);
  other = await openTestCompany(test.database);
});

afterAll(() => test.drop());

const list = (companyId: number, input: Partial<Parameters<typeof listEvents>[1]> = {}) =>
  test.database.withTenant(companyId, (tx) => listEvents(tx, { filter: {}, after: 0, limit: 100, ...input }));

describe('list of events', () => {
  it('shows one subject in its own order, page after page', async () => {
    for (let nth = 1; nth <= 5; nth += 1) {
      await emit(test.database, company.id, 'product/11', nth);
      await emit(test.database, company.id, 'product/12', nth);
    }
    const filter = { subject: 'product/11' };
    const first = await list(company.id, { filter, limit: 3 });
    const rest = await list(company.id, { filter, after: first.at(-1)?.id as number });

    expect([...first, ...rest].map((event) => event.subjectSeq)).toEqual([1, 2, 3, 4, 5]);
  });

  it('filters by type', async () => {
    const types = new Set((await list(company.id, { filter: { type: 'user.created' } })).map((event) => event.type));

    expect([...types]).toEqual(['user.created']);
  });

  it('shows nothing of another company', async () => {
    await emit(test.database, other.id, 'product/11', 99);
    const events = await list(company.id, { filter: { subject: 'product/11' } });

    expect(events.map((event) => event.payload)).not.toContainEqual({ nth: 99 });
    expect(await list(other.id, { filter: { subject: 'product/12' } })).toEqual([]);
  });

  it('tells the position once the dispatcher has been there, the synonym and the local time', async () => {
    await emit(test.database, company.id, 'product/13', 1);
    const subject = { filter: { subject: 'product/13' } };
    expect((await list(company.id, subject))[0]?.position).toBeNull();

    const dispatcher = startDispatcher(test.database);
    await until('it is published', async () => (await list(company.id, subject))[0]?.position !== null);
    await dispatcher.stop();
    const [event] = await list(company.id, subject);

    expect(event && viewEvent(event, 'Asia/Ho_Chi_Minh')).toEqual({
      id: expect.any(Number),
      subject: 'product/13',
      subjectSeq: 1,
      type: 'product.updated',
      synonym: 'PRODUCT_UPDATED',
      payload: { nth: 1 },
      occurredAt: expect.stringMatching(/\+07:00$/),
      position: expect.any(Number),
    });
  });
});
