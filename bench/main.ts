import { benchBilling } from './billing/bench-billing';
import { benchCompare } from './compare/bench-compare';
import { isMeasureName, measures } from './compare/measures';
import { benchFreemium } from './freemium/bench-freemium';
import { benchLives } from './lives/bench-lives';
import { benchMonthEnd, readMonthEnd } from './month-end/bench-month-end';
import { benchOrders } from './orders/bench-orders';
import { benchPeers } from './peers/bench-peers';
import { benchRepair } from './repair/bench-repair';
import { benchScale } from './scale/bench-scale';
import { benchScaleOut } from './scale-out/bench-scale-out';
import { benchSentences } from './sentences/bench-sentences';
import { benchSubscriptions } from './subscriptions/bench-subscriptions';
import { benchUsage } from './usage/bench-usage';

const usage = `npm run bench -- orders [seconds]
npm run bench -- subscriptions [sleeping subscriptions]
npm run bench -- usage [events]
npm run bench -- freemium [seconds]
npm run bench -- billing [seconds] [events]
npm run bench -- compare <commit> ${Object.keys(measures).join('|')} [rounds] [seconds or months of each]
npm run bench -- peers [rounds] [seconds]
npm run bench -- scale [orders] [seconds]
npm run bench -- scale-out [seconds]
npm run bench -- month-end [subscriptions] [--orders 2] [--set-up ms] [--kill]
npm run bench -- repair [lost orders]
npm run bench -- lives [--count 10000] [--seed N]
npm run bench -- sentences`;

/** `npm run bench -- <what>`: measurements, each on a system of its own. bench/README.md says how to read them. */
async function main([what, ...words]: string[]): Promise<void> {
  const [first, second, rounds, size] = words;

  if (what === 'orders') {
    return benchOrders({ seconds: Number(first ?? 20) });
  }

  if (what === 'subscriptions') {
    return benchSubscriptions({ sleeping: Number(first ?? 2_000) });
  }

  if (what === 'usage') {
    return benchUsage({ events: Number(first ?? 50_000) });
  }

  if (what === 'freemium') {
    return benchFreemium({ seconds: Number(first ?? 10) });
  }

  if (what === 'billing') {
    return benchBilling({ seconds: Number(first ?? 10), events: Number(second ?? 50_000) });
  }

  if (what === 'compare' && first !== undefined && isMeasureName(second)) {
    const each = size === undefined ? null : Number(size);

    return benchCompare({ commit: first, what: second, rounds: Number(rounds ?? 8), size: each });
  }

  if (what === 'peers') {
    return benchPeers({ rounds: Number(first ?? 6), seconds: Number(second ?? 15) });
  }

  if (what === 'scale-out') {
    return benchScaleOut({ seconds: Number(first ?? 20) });
  }

  if (what === 'scale') {
    const orders = Number(first ?? 1_000_000);
    const scale = { orders, customers: orders / 5, subscriptions: orders / 5, events: orders * 5 };

    return benchScale(scale, Number(second ?? 15));
  }

  if (what === 'month-end') {
    return benchMonthEnd(readMonthEnd(words));
  }

  if (what === 'repair') {
    return benchRepair({ lost: Number(first ?? 10_000) });
  }

  if (what === 'lives') {
    return benchLives(words);
  }

  if (what === 'sentences') {
    return benchSentences();
  }
  console.log(usage);
  process.exitCode = what === undefined ? 0 : 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
