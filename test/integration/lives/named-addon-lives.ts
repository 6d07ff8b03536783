import type { Life } from './life';
import { life, pause, refund, resume, seats, to, wait } from './life-words';

/** Lives of add-ons with a term of their own and with a setup fee. */
export const namedAddonLives: Readonly<Record<string, Life>> = {
  'an add-on comes to the end of its term, and one with a setup fee goes on': life(
    [{ do: 'buy', addons: ['course', 'line'], count: 2 }, wait(40), wait(40), wait(40)],
    { plan: 'free' },
  ),
  'both bought with a plan whose first invoice is issued again': life(
    [seats(3), { do: 'removeAddon', addon: 1, when: 'now' }, { do: 'record', invoice: 0, part: 1_000_000 }, wait(70)],
    { pays: null, addons: ['course', 'line'] },
  ),
  'both tried with a plan, and bought again after the term': life(
    [wait(20), wait(62), { do: 'buy', addons: ['course'], count: 1 }, wait(70)],
    { plan: '300K', trial: true, addons: ['course', 'line'] },
  ),
  'a term that ends in a pause': life([
    { do: 'buy', addons: ['course'], count: 1 },
    wait(40),
    pause('now'),
    wait(40),
    resume,
    wait(20),
  ]),
  'a setup fee put off, and its add-on removed': life([
    { do: 'buy', addons: ['line'], count: 1, billed: 'next_invoice' },
    wait(5),
    { do: 'removeAddon', addon: 0, when: 'now', unused: 'prorate', billed: 'next_invoice' },
    wait(40),
  ]),
  'a setup fee in arrears, refunded': life(
    [{ do: 'buy', addons: ['line', 'course'], count: 1 }, wait(3), refund(), wait(40)],
    {},
    { billingTiming: 'in_arrears' },
  ),
  'both follow the periods of a plan that becomes another': life(
    [wait(5), { do: 'buy', addons: ['line', 'course'], count: 1, billed: 'none' }, wait(3), to('70K weekly'), wait(70)],
    { anchorDay: 15 },
    { addonAlignTo: 'subscription' },
  ),
  // Seeds 80001448 and 80002518: a draft that bills a fee could not be read any more.
  'a setup fee on an invoice that stays a draft': life([
    { do: 'buy', addons: ['line'], count: 1, billed: 'next_invoice' },
    { do: 'pauseCollection', behavior: 'keep_as_draft', days: 42 },
    wait(28),
    pause('end'),
    wait(20),
  ]),
  'one on a draft, with another way to pay': life([
    wait(25),
    { do: 'pauseCollection', behavior: 'keep_as_draft', days: null },
    { do: 'buy', addons: ['line'], count: 1, billed: 'next_invoice' },
    wait(3),
    { do: 'method', pays: 'vnpay' },
    wait(10),
  ]),
};
