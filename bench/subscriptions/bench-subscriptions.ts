import { measureRenewalCeiling } from '../ceiling/measure-renewal-ceiling';
import { cpuOf, memoryOf } from '../process-cpu';
import { type BenchSystem, startSystem } from '../start-system';
import { measureSleeping } from './measure-sleeping';
import { historySize } from './renewal-history';
import { openSubscriberShop } from './subscriber-shop';
import { openSubscribers } from './subscribers';
import { verifyRenewals } from './verify-renewals';

const parts = ['API', 'Worker host', 'Temporal', 'PostgreSQL'];
const anchors = 10;
const perAnchor = 10;
const months = 12;

/** Renewals through a test clock, a year of one, their histories and their ceiling; then creation and sleepers. */
export async function benchSubscriptions({ sleeping }: { sleeping: number }): Promise<void> {
  const system = await startSystem();

  try {
    const shop = await openSubscriberShop(system.api);
    const fresh = memoryOf(system.pids['Worker host'] ?? 0);
    const warm = await openSubscribers(shop, 2, 5);
    await shop.advance(warm.clockId, warm.after(4));

    const renewals = anchors * perAnchor * months;
    const many = await openSubscribers(shop, anchors, perAnchor);
    const measured = await measure(system, () => shop.advance(many.clockId, many.after(months)));
    const rate = renewals / measured.seconds;
    console.log(`\n${anchors * perAnchor} monthly subscriptions, ${anchors} anchors, one clock, ${months} months`);
    console.log(`  ${measured.seconds.toFixed(1)} s, ${rate.toFixed(1)} renewals/s`);
    const cpu = measured.cpu.map((value) => value / renewals);
    const all = cpu.reduce((sum, value) => sum + value, 0);
    console.log(`  CPU ms/renewal: ${all.toFixed(1)} = ${cpu.map((value) => value.toFixed(1)).join(' + ')}`);
    console.log(`  (all = ${parts.join(' + ')})`);

    const single = await openSubscribers(shop, 1, 1);
    console.log(
      `one monthly subscription, ${months} months: ${(await shop.advance(single.clockId, single.after(months))).toFixed(2)} s`,
    );
    await printHistory(system, single.subscriptionIds[0] ?? 0);

    const ceiling = await measureRenewalCeiling(system.temporalAddress, {
      groups: anchors,
      perGroup: perAnchor,
      renewals: months,
    });
    console.log(
      `ceiling, the same renewals with steps that do nothing: ${ceiling.toFixed(1)} s, ${(renewals / ceiling).toFixed(1)} renewals/s; ratio ${(ceiling / measured.seconds).toFixed(2)}`,
    );

    console.log(`worker host after the start: ${fresh} MB`);
    await measureSleeping(system, shop, sleeping);
    const clocked = 10 * 5 + anchors * perAnchor * (months + 1) + (months + 1);
    console.log(`books: ${await verifyRenewals(system.adminUrl, clocked + sleeping)}`);
  } finally {
    await system.stop();
  }
}

async function measure(system: BenchSystem, work: () => Promise<number>): Promise<{ seconds: number; cpu: number[] }> {
  const used = () => parts.map((part) => cpuOf(system.pids[part] ?? 0));
  const before = used();
  const seconds = await work();

  return { seconds, cpu: used().map((value, index) => value - (before[index] ?? 0)) };
}

/** What creating it takes is in there as well, so the figures are slightly too high. */
async function printHistory({ temporalAddress }: BenchSystem, subscriptionId: number): Promise<void> {
  const { events, bytes, runs } = await historySize(temporalAddress, `subscription/${subscriptionId}`);
  console.log(
    `history of that one: ${events} events, ${bytes} bytes in ${runs} runs; ${(events / months).toFixed(1)} events and ${Math.round(bytes / months)} bytes a renewal`,
  );
}
