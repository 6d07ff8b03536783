/** A shop to buy in: the demo company with twenty products of plenty, and customers who are signed in. */
export interface Shop {
  productIds: number[];
  tokens: string[];
}

export async function call<Answer>(
  api: string,
  method: string,
  path: string,
  options: { body?: unknown; token?: string; company?: string } = {},
): Promise<Answer> {
  const response = await fetch(`${api}/api/v1${path}`, {
    method,
    headers: {
      'Content-Type': 'application/json',
      ...(options.token === undefined ? {} : { Authorization: `Bearer ${options.token}` }),
      ...(options.company === undefined ? {} : { 'X-Company': options.company }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const answer = (await response.json()) as Answer & { code?: string; detail?: string };

  if (!response.ok) {
    throw new Error(`${method} ${path}: ${response.status} ${answer.code ?? ''} ${answer.detail ?? ''}`);
  }

  return answer;
}

export async function openShop(api: string, customers: number): Promise<Shop> {
  const admin = await call<{ accessToken: string }>(api, 'POST', '/auth/login', {
    body: { email: 'admin@demo.test', password: 'demo-password-1' },
  });
  const productIds: number[] = [];

  for (let index = 0; index < 20; index += 1) {
    const body = { sku: `BENCH-${index}`, name: `Bench product ${index}`, price: 50_000, currency: 'VND' };
    const { id } = await call<{ id: number }>(api, 'POST', '/products', { body, token: admin.accessToken });
    await call(api, 'PUT', `/inventory/${id}`, {
      body: { quantity: 1_000_000, reorderLevel: 0 },
      token: admin.accessToken,
    });
    productIds.push(id);
  }

  const tokens: string[] = [];

  for (let index = 0; index < customers; index += 1) {
    const body = { email: `bench-${index}@example.test`, password: `bench-password-${index}`, name: `Buyer ${index}` };
    tokens.push((await call<{ accessToken: string }>(api, 'POST', '/auth/signup', { body })).accessToken);
  }

  return { productIds, tokens };
}
