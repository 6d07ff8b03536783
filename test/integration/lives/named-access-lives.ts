import type { Life } from './life';
import { credit, life, pause, refund, resume, to, voidInvoice } from './life-words';

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
};
