import type { Answer } from '../../environment/api-client';
import { type SignedUpCompany, signUpCompany, testSystem } from '../../environment/test-system';

const system = testSystem();
let company: SignedUpCompany;
let productId: number;

beforeAll(async () => {
  company = await signUpCompany();
  const { body } = await company.api.post('/products', { sku: 'A1', name: 'Áo', price: 50_000, stock: 5 });
  productId = body.id;

  for (const price of [60_000, 70_000, 80_000]) {
    await company.api.patch(`/products/${productId}`, { price });
  }
});

const problemOf = ({ status, body }: Answer): string => `${status} ${body.code} ${body.field ?? ''}`.trim();
const list = async (query: string) => (await company.api.get(`/events?${query}`)).body;

/** Reads until the dispatcher has come by. */
async function listPublished(query: string): Promise<{ position: number; subjectSeq: number }[]> {
  for (;;) {
    const { data } = await list(query);

    if (data.every((event: { position: number | null }) => event.position !== null)) {
      return data;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

describe('/events', () => {
  it('tells what happened to a subject, in order', async () => {
    const { data, nextCursor } = await list(`subject=product/${productId}`);

    expect(nextCursor).toBeNull();
    expect(data.map((event: { subjectSeq: number }) => event.subjectSeq)).toEqual([1, 2, 3, 4]);
    expect(data[1]).toMatchObject({
      subject: `product/${productId}`,
      type: 'product.updated',
      synonym: 'PRODUCT_UPDATED',
      payload: { id: productId, sku: 'A1', price: 60_000, currency: 'VND', changed: ['price'] },
      occurredAt: expect.stringMatching(/\+07:00$/),
    });
  });

  it('filters by type, under either name', async () => {
    const dotted = await list('type=product.updated');
    const synonym = await list('type=PRODUCT_UPDATED');

    expect(dotted.data).toHaveLength(3);
    expect(synonym.data.map((event: { id: number }) => event.id)).toEqual(
      dotted.data.map((event: { id: number }) => event.id),
    );
  });

  it('goes on after an id, and by cursor', async () => {
    const all = (await list(`subject=product/${productId}`)).data;
    const after = await list(`subject=product/${productId}&after=${all[1].id}`);
    const first = await list(`subject=product/${productId}&limit=2`);
    const second = await list(`subject=product/${productId}&limit=2&cursor=${first.nextCursor}`);
    const ids = (events: { id: number }[]) => events.map((event) => event.id);

    expect(ids(after.data)).toEqual(ids(all.slice(2)));
    expect(ids([...first.data, ...second.data])).toEqual(ids(all));
  });

  it('is published by the running system, in order per subject', async () => {
    const events = await listPublished(`subject=product/${productId}`);
    const positions = events.map((event) => event.position);

    expect(positions).toEqual([...positions].sort((left, right) => left - right));
    expect(new Set(positions).size).toBe(positions.length);
  });

  it('is for employees of the company', async () => {
    const other = await signUpCompany();
    const shopper = await company.addShopper();

    expect(problemOf(await company.visitor.get('/events'))).toBe('401 unauthenticated');
    expect(problemOf(await system.api.get('/events', { token: shopper.token }))).toBe('403 forbidden');
    expect((await other.api.get(`/events?subject=product/${productId}`)).body.data).toEqual([]);
    expect((await system.api.get('/events', { token: company.staff.token })).status).toBe(200);
  });

  it.each([
    ['subject=nonsense', 'subject'],
    ['subject=order/1%00', 'subject'],
    ['type=nothing.happened', 'type'],
    ['after=-1', 'after'],
    ['limit=101', 'limit'],
  ])('refuses %s', async (query, field) => {
    expect(problemOf(await company.api.get(`/events?${query}`))).toBe(`422 validation_failed ${field}`);
  });
});
