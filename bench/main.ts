import { benchOrders } from './orders/bench-orders';
import { benchSubscriptions } from './subscriptions/bench-subscriptions';

const usage = 'npm run bench -- orders [seconds]\nnpm run bench -- subscriptions [sleeping subscriptions]';

/** `npm run bench -- <what>`: measurements, each on a system of its own. bench/README.md says how to read them. */
async function main([what, amount]: string[]): Promise<void> {
  switch (what) {
    case 'orders':
      return benchOrders({ seconds: Number(amount ?? 20) });
    case 'subscriptions':
      return benchSubscriptions({ sleeping: Number(amount ?? 2_000) });
    default:
      console.log(usage);
      process.exitCode = what === undefined ? 0 : 1;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
