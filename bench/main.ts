import { benchOrders } from './orders/bench-orders';

const usage = 'npm run bench -- orders [seconds]';

/** `npm run bench -- <what>`: measurements, each on a system of its own. bench/README.md says how to read them. */
async function main([what, seconds = '20']: string[]): Promise<void> {
  switch (what) {
    case 'orders':
      return benchOrders({ seconds: Number(seconds) });
    default:
      console.log(usage);
      process.exitCode = what === undefined ? 0 : 1;
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
