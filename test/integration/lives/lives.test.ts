import { createTestDatabase, type TestDatabase } from '../../environment/test-database';
import { describeBroken, leadLives, lifeOf } from './lead-lives';
import { leadLife } from './lead-life';
import type { Life } from './life';
import { namedLives } from './named-lives';
import { openProduct, type Product } from './product';

/** Others explore: `LIVES_SEED=$RANDOM LIVES_COUNT=1000 npm test -- lives`, or `npm run bench -- lives`. */
const seed = Number(process.env['LIVES_SEED'] ?? 20_261_128);
const count = Number(process.env['LIVES_COUNT'] ?? 150);

/** What random lives do too seldom to be counted on, by the life that does it. */
const seldom: Record<string, string> = {
  'credit by hand, paid out': 'payOut',
  'a dearer price of an add-on at once': 'addonPrice',
};

/** Milliseconds that so many lives may take on a machine that does much else. */
const longest = 900_000;

let test: TestDatabase;
let product: Product;

beforeAll(async () => {
  test = await createTestDatabase({ poolSize: 8 });
  product = await openProduct(test);
});
afterAll(async () => {
  await product?.close();
  await test?.drop();
});

it(
  'whatever happens in the life of a subscription, money, service and what is told of them agree',
  async () => {
    const { broken, done } = await leadLives(product, { seed, count, atOnce: 4 });

    expect(broken.map(describeBroken).join('\n\n')).toBe('');

    // Refusals alone would prove little.
    for (const command of [
      'change',
      'buy',
      'topUp',
      'calls',
      'removeAddon',
      'addonCount',
      'cancel',
      'pause',
      'resume',
      'reactivate',
      'pay',
      'pageTells',
      'refund',
      'void',
      'credit',
      'code',
      'takeBackCode',
      'grant',
      'record',
      'terms',
      'phases',
      'price',
      'pauseCollection',
      'resumeCollection',
    ]) {
      expect(`${command} ${(done.get(command) ?? 0) > 0}`).toBe(`${command} true`);
    }
  },
  longest,
);

it(
  'the same holds of those that begin at another time than they are made',
  async () => {
    const laterOrBefore = (of: number): Life => {
      const life = lifeOf(of);

      return { ...life, start: { ...life.start, startDays: ((of * 37) % 140) - 80 } };
    };
    const { broken } = await leadLives(product, {
      seed,
      count: Math.ceil(count / 3),
      atOnce: 4,
      lifeOf: laterOrBefore,
    });

    expect(broken.map(describeBroken).join('\n\n')).toBe('');
  },
  longest,
);

it.each(Object.keys(namedLives))('holds once more: %s', async (name) => {
  const life = namedLives[name] as Life;
  const led = await leadLife(life, product);

  expect(led.broken === null ? '' : describeBroken({ seed: 0, life, led })).toBe('');
  expect(led.done).toEqual(name in seldom ? expect.arrayContaining([seldom[name]]) : expect.anything());
});
