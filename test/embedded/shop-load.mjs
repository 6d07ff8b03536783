import { delay } from '../../embedded/processes/delay.mjs';

/**
 * Buys with the demo customer's account, several orders at a time, and remembers what was acknowledged.
 * @typedef {object} ShopLoad
 * @property {() => Promise<number[]>} end the ids of all orders that were acknowledged
 * @property {(count: number) => Promise<void>} acknowledged waits until that many were
 */

const AT_ONCE = 6;
const PATIENCE_MS = 60_000;

/** @param {string} api @returns {Promise<ShopLoad>} */
export async function startShopLoad(api) {
  const token = await logIn(api, 'customer@demo.test');
  const productId = await stockUp(api);
  /** @type {number[]} */
  const ids = [];
  /** @type {{ count: number, resolve: () => void }[]} */
  const waiting = [];
  let isOver = false;
  let lastRefusal = 'none';

  const buy = async () => {
    while (!isOver) {
      // Once the system is told to stop, calls fail: only what was acknowledged counts.
      const answer = await call(api, 'POST', '/orders', token, {
        items: [{ productId, quantity: 1 }],
        shippingAddress: '12 Tràng Tiền, Hà Nội',
        paymentMethod: 'card',
        paymentToken: 'tok_ok',
      }).catch(() => null);
      if (answer === null) {
        return;
      }
      if (answer.status === 201) {
        ids.push(answer.body.id);
        waiting.filter(({ count }) => ids.length >= count).forEach(({ resolve }) => resolve());
      } else {
        lastRefusal = `${answer.status} ${JSON.stringify(answer.body)}`;
      }
    }
  };
  const buyers = Array.from({ length: AT_ONCE }, buy);

  return {
    async acknowledged(count) {
      const enough = new Promise((resolve) => waiting.push({ count, resolve: () => resolve(true) }));
      const timer = new AbortController();
      const isEnough = ids.length >= count || (await Promise.race([enough, delay(PATIENCE_MS, timer.signal)]));
      timer.abort();
      if (!isEnough) {
        throw new Error(`Only ${ids.length} of ${count} orders were acknowledged; last refusal: ${lastRefusal}`);
      }
    },
    async end() {
      isOver = true;
      await Promise.all(buyers);
      return ids;
    },
  };
}

/**
 * @param {string} api @param {number[]} ids
 * @returns {Promise<number[]>} those the API does not know any more
 */
export async function findLostOrders(api, ids) {
  const token = await logIn(api, 'customer@demo.test');
  const answers = await Promise.all(ids.map((id) => call(api, 'GET', `/orders/${id}`, token)));
  return ids.filter((id, index) => answers[index]?.status !== 200 || answers[index]?.body.id !== id);
}

/** @param {string} api @returns {Promise<number>} a product there is plenty of */
async function stockUp(api) {
  const token = await logIn(api, 'admin@demo.test');
  const products = await call(api, 'GET', '/products', token);
  const productId = products.body.data[0].id;
  const body = { delta: 1_000_000, reason: 'load' };
  const answer = await call(api, 'POST', `/inventory/${productId}/adjust`, token, body);
  if (answer.status >= 300) {
    throw new Error(`The stock cannot be raised: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  return productId;
}

/** @param {string} api @param {string} email */
async function logIn(api, email) {
  const answer = await call(api, 'POST', '/auth/login', null, { email, password: 'demo-password-1' });
  if (answer.status !== 200) {
    throw new Error(`${email} cannot log in: ${answer.status} ${JSON.stringify(answer.body)}`);
  }

  return answer.body.accessToken;
}

/**
 * @param {string} api @param {string} method @param {string} path @param {string | null} token @param {unknown} [body]
 * @returns {Promise<{ status: number, body: any }>}
 */
async function call(api, method, path, token, body) {
  const response = await fetch(`${api}/api/v1${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(30_000),
  });

  return { status: response.status, body: await response.json() };
}
