import type { Life } from './life';
import { credit, life, pause, refund, resume, to, voidInvoice, wait } from './life-words';

/** Lives in which what a customer may use was not what it is paid for, or not told, once. */
export const namedAccessLives: Readonly<Record<string, Life>> = {
  'a dearer plan, its payment refunded, then its invoice void': life([to('600K', 'policy'), refund(), voidInvoice()]),
  'a refund, a dearer price, and a credit note over all that it costs': life([
    refund(),
    { do: 'price', dearer: true, when: 'now', noticeDays: 0 },
    credit(),
  ]),
  'an add-on for the next invoice, which is given up as it is made': life([
    { do: 'buy', addons: ['setup'], count: 1, billed: 'next_invoice' },
    pause('now'),
    { do: 'pauseCollection', behavior: 'mark_uncollectible', days: 27 },
    resume,
  ]),
  'a top-up that is refunded, and calls after it': life(
    [
      { do: 'topUp', topUp: 'calls_300', count: 1 },
      wait(3),
      { do: 'calls', count: 40, hoursAgo: 1 },
      refund(),
      wait(1),
      { do: 'calls', count: 100, hoursAgo: 0 },
      wait(40),
    ],
    { plan: '90K and calls' },
  ),
  'credit by hand, paid out': life([
    { do: 'grant', amount: 50_000, days: null },
    { do: 'payOut', part: null },
  ]),
  'a dearer price of an add-on at once': life([
    { do: 'buy', addons: ['storage'], count: 1 },
    wait(3),
    { do: 'addonPrice', addon: 0, dearer: true, when: 'now', noticeDays: 0 },
    wait(40),
  ]),
};
