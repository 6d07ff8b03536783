import { measureFreemium } from '../freemium/bench-freemium';
import { startSystem } from '../start-system';
import { measureIngest } from '../usage/bench-usage';
import { measureInvoices } from './measure-invoices';

/** What billing is to reach, on one system: usage, a year of add-ons, checks of a feature, invoices. Books are verified. */
export async function benchBilling({ seconds, events }: { seconds: number; events: number }): Promise<void> {
  const system = await startSystem();

  try {
    await measureIngest(system, { events });
    await measureFreemium(system, { seconds });
    await measureInvoices(system, { seconds });
  } finally {
    await system.stop();
  }
}
