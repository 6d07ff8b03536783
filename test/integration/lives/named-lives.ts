import type { Life } from './life';
import { cancel, credit, life, paid, pause, refund, resume, seats, to, voidInvoice, wait } from './life-words';
import { namedAccessLives } from './named-access-lives';
import { namedAddonLives } from './named-addon-lives';

/** Lives in which something did not hold once, by what it was. */
export const namedLives: Readonly<Record<string, Life>> = {
  'a refund, then the invoice void': life([refund(), voidInvoice()]),
  'the invoice void, then a refund': life([voidInvoice(), refund()]),
  'a refund, then a credit note': life([refund(), credit()]),
  'part of it refunded, then the invoice void': life([refund(545_454), voidInvoice()]),
  'a refund, then cancelled at once with credit': life([refund(), cancel('now')], {}, { cancelCredit: 'prorate' }),
  'a refund, then a pause in the middle of the period': life([wait(1), refund(), wait(14), pause('now')]),
  'most of it refunded, then a dearer plan': life([wait(1), refund(909_090), wait(14), to('600K')]),
  'more seats with credit for the old one, then the first payment refunded': life([seats(4), refund(null, 1)]),
  'part of a renewal refunded': life([wait(35), refund(500_000), wait(30)]),
  'unpaid, then a cheaper plan at once': life([to('100K'), wait(3)], { pays: 'vnpay' }),
  'unpaid, then more seats at once': life([seats(3), wait(3)], { pays: 'vnpay' }),
  'unpaid, then another cycle': life([to('3M yearly'), wait(3)], { pays: 'vnpay' }),
  'unpaid by no known way, then a cheaper plan': life(
    [to('100K', 'policy')],
    { plan: '600K', pays: null },
    {
      planChangeDowngrade: 'at_once',
    },
  ),
  'unpaid, then cancelled at once': life([cancel('now'), wait(20)], { pays: 'tok_declined' }),
  'a plan paid by use whose add-on the card does not pay, then without the add-on': life(
    [{ do: 'removeAddon', addon: 0, when: 'now' }],
    { plan: 'flat calls', pays: 'tok_expired', addons: ['odd'] },
  ),
  'a declined card, then the free plan': life([to('free'), wait(3)], { pays: 'tok_expired' }),
  'free, then a dearer plan that nobody pays': life([to('300K'), wait(40)], { plan: 'free', pays: 'vnpay' }),
  'free, then a declined card and a dearer plan': life(
    [{ do: 'method', pays: 'tok_declined' }, to('300K', 'boundary'), wait(3)],
    { plan: 'free' },
  ),
  'cancelled for the end, paused, and the end comes': life([cancel('end'), wait(4), pause('now'), wait(24)]),
  'cancelled for the end, paused, resumed after it': life([cancel('end'), wait(14), pause('now'), wait(40), resume]),
  'cancelled for the end, then paused for the end': life([cancel('end'), pause('end')]),
  'a plan for the boundary, then seats at once': life([wait(5), to('300K', 'boundary'), seats(3), wait(30)], {
    plan: '600K',
    seats: 2,
  }),
  'a plan for the boundary, then seats for it': life(
    [wait(5), to('300K', 'boundary'), seats(3, 'boundary'), wait(30)],
    {
      plan: '600K',
      seats: 2,
    },
  ),
  'the difference charged up, down and up again': life(
    [wait(10), to('300K'), wait(1), to('100K'), wait(1), to('300K')],
    { plan: '100K' },
    { planChangeBilling: 'charge_difference' },
  ),
  'days bought, then cancelled with credit': life(
    [wait(15), to('300K'), wait(20), cancel('now')],
    { plan: '600K' },
    { planChangeBilling: 'grant_days', cancelCredit: 'prorate' },
  ),
  'days bought, then a pause': life(
    [wait(15), to('300K'), wait(20), pause('now')],
    { plan: '600K' },
    { planChangeBilling: 'grant_days' },
  ),
  'more seats when the next invoice is out': life([wait(25), seats(2)]),
  'a pause when the next invoice is out': life([wait(25), pause('now')]),
  'a change that costs nothing': life([wait(1), seats(3)], {}, { prorationConvention: 'none' }),
  'money for an invoice that was given up': life([paid, wait(60), paid], { pays: 'vnpay' }),
  'the invoice of dunning void': life([paid, wait(37), voidInvoice()], { pays: 'vnpay' }),
  'credited in full while it waits, paid all the same, then refunded': life([credit(), paid, refund()], {
    pays: 'vnpay',
  }),
  'a month of 30 days begins on the 31st': life([wait(2)], { anchorDay: 1 }, { fixedDaysOfMonth: 30 }),
  'more seats and the end in one moment': life([{ do: 'pay', invoice: 0, pays: 'tok_ok' }, seats(4), cancel('now')], {
    pays: null,
  }),
  'days are to be bought where nothing is measured': life(
    [seats(4, 'policy'), wait(1)],
    {},
    { planChangeDayOfChange: 'old_plan', planChangeBilling: 'grant_days', prorationConvention: 'none' },
  ),
  'a trial shorter than its announcement': life([], { plan: '7999 odd', trial: true }),
  'due on the day it is issued': life([], { pays: null }, { invoiceDueDays: 0 }),
  'the last days of a term cost nothing': life([wait(25)], { termDays: 45 }, { prorationConvention: 'none' }),
  'a forecast of last days that cost nothing': life(
    [wait(25), { do: 'forecast', days: 40 }],
    { termDays: 45 },
    { prorationConvention: 'none' },
  ),
  'in arrears, free and then paid': life(
    [wait(3), to('free'), wait(2), to('600K'), wait(40)],
    {},
    { billingTiming: 'in_arrears' },
  ),
  'in arrears, free and then paid, by a page': life(
    [wait(3), to('free'), wait(2), to('600K'), wait(40)],
    { pays: 'vnpay' },
    { billingTiming: 'in_arrears' },
  ),
  'too little at one page, while another waits for all of it': life(
    [
      { do: 'pay', invoice: 0, pays: 'vnpay' },
      { do: 'pageTells', payment: 1, outcome: 'paid too little' },
    ],
    { pays: 'vnpay' },
  ),
  'a pause for the end in arrears, then the end': life(
    [pause('end'), wait(28), cancel('end')],
    {},
    { billingTiming: 'in_arrears' },
  ),
  'a pause for the end in arrears, unpaid, then resumed': life(
    [pause('end'), wait(35), resume],
    { pays: 'vnpay' },
    { billingTiming: 'in_arrears' },
  ),
  'the difference for seats from tomorrow on, then a cheaper plan': life(
    [seats(4), to('100K', 'policy')],
    {},
    { planChangeDowngrade: 'at_once', planChangeBilling: 'charge_difference', planChangeDayOfChange: 'old_plan' },
  ),
  'resumed an hour before the next period': life([wait(15, 9), pause('now'), wait(43, 14), resume]),
  'due at once, declined': life([wait(0, 5)], { pays: 'tok_declined' }, { invoiceDueDays: 0 }),
  'never paid, and left alone': life([wait(16)], { pays: null }, { dunningEndAction: 'leave' }),
  'the first invoice waits while the next period is billed, then fewer seats': life(
    [seats(2, 'policy'), wait(1), seats(1)],
    { pays: null, anchorDay: 1 },
  ),
  'an invoice that a pause of collection has given up is paid on purpose': life([
    wait(2),
    { do: 'pauseCollection', behavior: 'mark_uncollectible', days: 45 },
    wait(26),
    { do: 'pay', invoice: 0, pays: 'vnpay' },
  ]),
  'cancelled in the moment in which a period of an add-on begins': life(
    [
      paid,
      { do: 'buy', addons: ['storage'], count: 1 },
      { do: 'pay', invoice: 0, pays: 'tok_ok' },
      wait(28),
      cancel('now'),
    ],
    { pays: 'vnpay', anchorDay: 15 },
  ),
  'cancelled in the moment in which a period begins': life([
    { do: 'method', pays: null },
    { do: 'change', plan: '70K weekly', seats: 3, when: 'now' },
    wait(7),
    cancel('now'),
  ]),
  'a pause on a day that is the last of the old plan': life(
    [seats(3), pause('now')],
    {},
    { planChangeDayOfChange: 'old_plan', billingTiming: 'in_arrears' },
  ),
  'another cycle an hour before the next period': life([wait(6, 23), to('600K', 'policy')], { plan: '70K weekly' }),
  'a dearer plan from tomorrow on, and the end today': life(
    [paid, to('600K'), cancel('now')],
    { pays: 'vnpay' },
    { planChangeDayOfChange: 'old_plan' },
  ),
  'an add-on that is bought once on a day that months of 30 days do not have': life(
    [{ do: 'buy', addons: ['setup'], count: 1 }],
    {},
    { fixedDaysOfMonth: 30, prorationConvention: 'by_day_inclusive' },
  ),
  'a forecast of two add-ons on one invoice, whose tax is rounded together': life(
    [wait(40), { do: 'buy', addons: ['odd', 'storage'], count: 1 }, { do: 'forecast', days: 36 }],
    { termDays: 100 },
  ),
  'an add-on that is asked for by an invoice, and the end before it is paid': life(
    [{ do: 'buy', addons: ['backup'], count: 1 }, cancel('now')],
    { plan: 'free', pays: null },
  ),
  'seats for the end of a period that is never paid for': life([to('600K'), seats(1, 'boundary'), wait(28)], {
    plan: 'free',
    seats: 2,
    pays: 'vnpay',
  }),
  'a pause in the moment in which a trial ends, before anything is paid': life([wait(14), pause('now')], {
    trial: true,
    pays: 'vnpay',
  }),
  'a forecast in which a plan and an add-on are billed ahead at once': life([
    wait(27),
    { do: 'buy', addons: ['storage'], count: 1 },
    { do: 'forecast', days: 66 },
  ]),
  'the first invoice after the trial void': life([wait(14), voidInvoice(), wait(8)], { trial: true, pays: 'vnpay' }),
  'months of 30 days, and a period of 30 days from the 31st on': life(
    [seats(2, 'policy')],
    { plan: '150K 30 days' },
    { planChangeDayOfChange: 'old_plan', prorationConvention: 'thirty_360' },
  ),
  'a pause that gives back what was paid by credit that has expired': life([
    { do: 'grant', amount: 339_859, days: 34 },
    wait(34),
    pause('now'),
  ]),
  'a code for one period, and a plan of shorter ones': life([to('70K weekly'), wait(14)], { code: 'FLAT-ONCE' }),
  'a code for two periods, and another rhythm at the boundary': life(
    [wait(3), to('70K weekly', 'boundary'), wait(60)],
    {
      code: 'THIRD-TWICE',
    },
  ),
  'a dearer price for the next invoice, and that invoice taken back by a pause of collection': life([
    wait(86),
    { do: 'price', dearer: true, when: 'now', noticeDays: 0, billed: 'next_invoice' },
    { do: 'pauseCollection', behavior: 'mark_uncollectible', days: 46 },
  ]),
  'a code that takes all of the first invoice off': life([wait(40)], { plan: '7999 odd', code: 'FLAT-ONCE' }),
  'a code that takes all of an add-on off': life([wait(40)], { plan: 'free', code: 'FLAT-ONCE', addons: ['setup'] }),
  'what a code took all of off is given back for more seats': life(
    [{ do: 'record', invoice: 0, part: 40_496 }, { do: 'code', code: 'FLAT-ONCE' }, seats(3)],
    { plan: '250K after phases', pays: 'tok_fails_twice' },
  ),
  'what a code took all of off is given back to the day: another plan': life(
    [{ do: 'code', code: 'FLAT-ONCE' }, wait(6), to('packages of calls')],
    { plan: 'graduated calls', pays: 'tok_expired' },
  ),
  'what a code took all of off is given back to the day: more seats': life([wait(6), seats(2)], {
    plan: 'graduated calls',
    code: 'FLAT-ONCE',
  }),
  'what a code took all of off is given back to the day: a pause': life(
    [wait(6), pause('now'), wait(3), resume],
    { plan: 'graduated calls', code: 'FLAT-ONCE' },
    { pauseCredit: 'prorate' },
  ),
  'what a code took all of off is given back to the day: more of an add-on': life(
    [wait(6), { do: 'addonCount', addon: 0, count: 2, when: 'now' }],
    { plan: 'free', code: 'FLAT-ONCE', addons: ['course'] },
  ),
  'usage at a price that holds its tax': life(
    [{ do: 'calls', count: 1, hoursAgo: 0 }, wait(28)],
    { plan: '90K and calls' },
    { taxBehavior: 'inclusive' },
  ),
  'add-ons bought with a plan whose first invoice is declined, and whose next period is paid': life(
    [{ do: 'method', pays: 'tok_timeout' }, wait(1)],
    { pays: 'tok_declined', addons: ['storage', 'setup'] },
    { billingTime: 'calendar' },
  ),
  'add-ons bought with a plan whose first invoice waits, while a change of it is paid': life(
    [
      wait(1),
      to('600K', 'policy'),
      { do: 'record', invoice: 0, part: 1_000_000 },
      wait(5),
      wait(1),
      wait(4),
      wait(10),
      wait(30),
    ],
    { pays: null, anchorDay: 1, addons: ['setup', 'odd', 'backup'] },
  ),
  'add-ons bought with a plan whose first invoice is paid after that of a change': life(
    [
      wait(1),
      to('600K', 'policy'),
      { do: 'record', invoice: 0, part: 1_000_000 },
      wait(8),
      { do: 'record', invoice: 0, part: 1_000_000 },
      wait(30),
    ],
    { pays: null, anchorDay: 1, addons: ['setup', 'odd', 'backup'] },
  ),
  'add-ons bought with a plan whose next period is paid when its first invoice is overdue': life(
    [wait(8), { do: 'record', invoice: 0, part: 1_000_000 }, wait(0, 1), wait(30)],
    { pays: null, anchorDay: 1, addons: ['storage', 'setup'] },
  ),
  'a dearer price for the next invoice of what is paid as it is used': life(
    [{ do: 'price', dearer: true, when: 'now', noticeDays: 0, billed: 'next_invoice' }, wait(8)],
    { plan: 'calls weekly' },
  ),
  'an add-on bought for a trial that is still to begin': life([{ do: 'buy', addons: ['setup'], count: 1 }, wait(9)], {
    trial: true,
    startDays: 9,
  }),
  'fewer seats for the end of a period, and a phase after it': life(
    [wait(5), { do: 'phases', phases: [{ after: 2, price: 120_000, seats: 2 }] }, seats(1, 'boundary'), wait(9)],
    { plan: '70K weekly', seats: 3 },
  ),
  'a pause in the last hour of a period, resumed at once': life([wait(88, 23), pause('now'), resume, wait(40)]),
  'a pause in the last hour of a period, resumed after it': life([
    wait(88, 23),
    pause('now'),
    wait(2),
    resume,
    wait(40),
  ]),
  'a forecast of usage that came for a period that is billed': life(
    [wait(9), wait(25), { do: 'calls', count: 1, hoursAgo: 685 }, { do: 'forecast', days: 25 }],
    { plan: '90K and calls' },
  ),
  'a forecast of usage that has come to its threshold': life(
    [
      { do: 'calls', count: 1_074, hoursAgo: 0 },
      { do: 'forecast', days: 68 },
    ],
    { plan: '90K and calls' },
    { usageThresholds: { VND: 5_000 } },
  ),
  'usage that has come to its threshold before the first invoice is paid': life(
    [
      { do: 'calls', count: 5, hoursAgo: 0 },
      wait(0, 1),
      paid,
      wait(1),
      { do: 'calls', count: 2, hoursAgo: 0 },
      wait(40),
    ],
    { plan: '90K and calls', pays: 'vnpay' },
    { usageThresholds: { VND: 150 } },
  ),
  'a code for two periods, applied anew once it is over': life(
    [wait(77), { do: 'code', code: 'THIRD-TWICE' }, wait(80)],
    { code: 'THIRD-TWICE' },
  ),
  'add-ons for a term that costs nothing': life(
    [wait(11)],
    { termDays: 10, addons: ['odd', 'storage'] },
    { prorationConvention: 'none' },
  ),
  'add-ons for a term that costs nothing, and one more that is bought once': life(
    [{ do: 'buy', addons: ['setup'], count: 1 }, wait(11)],
    { termDays: 10, addons: ['odd', 'storage'] },
    { prorationConvention: 'none' },
  ),
  'in arrears, free and then dearer, with days that are billed and never paid': life(
    [to('3M yearly', 'policy'), wait(1), seats(4), wait(16)],
    { plan: 'free', pays: 'vnpay' },
    { billingTiming: 'in_arrears' },
  ),
  'a dearer price of what is paid as it is used, kept as a draft': life(
    [
      { do: 'pauseCollection', behavior: 'keep_as_draft', days: 41 },
      { do: 'price', dearer: true, when: 'now', noticeDays: 0, billed: 'always_invoice' },
      wait(2),
      wait(40),
    ],
    { plan: 'calls weekly' },
  ),
  'a dearer price of what is paid as it is used, void as it is made': life(
    [
      { do: 'pauseCollection', behavior: 'void', days: 41 },
      { do: 'price', dearer: true, when: 'now', noticeDays: 0, billed: 'always_invoice' },
      wait(2),
      wait(40),
    ],
    { plan: 'calls weekly' },
  ),
  'what is paid as it is used, a dearer plan at the boundary, given up as it is made': life(
    [to('300K', 'boundary'), { do: 'pauseCollection', behavior: 'mark_uncollectible', days: null }, wait(15)],
    { plan: 'flat calls' },
  ),
  'what is paid as it is used, a dearer plan from tomorrow on for the next invoice': life(
    [{ do: 'change', plan: '100K', seats: null, when: 'policy', billed: 'next_invoice' }],
    { plan: 'calls by volume' },
    { planChangeDayOfChange: 'old_plan' },
  ),
  'a dearer price of what is paid as it is used, given up as it is made': life(
    [
      { do: 'pauseCollection', behavior: 'mark_uncollectible', days: 41 },
      { do: 'price', dearer: true, when: 'now', noticeDays: 0, billed: 'always_invoice' },
      wait(2),
      wait(40),
    ],
    { plan: 'calls weekly' },
  ),
  'cancelled for the end, another cycle in months of 30 days, and yearly add-ons': life(
    [cancel('end'), wait(0, 8), to('600K'), wait(25)],
    { plan: 'calls weekly', addons: ['odd', 'backup', 'setup'] },
    { prorationConvention: 'thirty_360' },
  ),
  'a top-up that is removed in the moment in which it is bought and something is used': life(
    [
      { do: 'calls', count: 1, hoursAgo: 0 },
      { do: 'topUp', topUp: 'calls_300', count: 1 },
      { do: 'removeAddon', addon: 0, when: 'now' },
    ],
    {},
    { cancelCredit: 'prorate' },
  ),
  'a top-up that is removed in the moment in which something is used, after it was drawn on': life(
    [
      { do: 'topUp', topUp: 'calls_300', count: 2 },
      wait(1),
      { do: 'calls', count: 7, hoursAgo: 12 },
      { do: 'calls', count: 5, hoursAgo: 0 },
      { do: 'removeAddon', addon: 0, when: 'now' },
      wait(30),
    ],
    { plan: '90K and calls' },
    { cancelCredit: 'prorate' },
  ),
  'two top-ups that end with their subscription in the moment in which something is used': life(
    [
      { do: 'topUp', topUp: 'calls_300', count: 1 },
      { do: 'topUp', topUp: 'calls_1000', count: 1 },
      wait(1),
      { do: 'calls', count: 307, hoursAgo: 12 },
      { do: 'calls', count: 5, hoursAgo: 0 },
      cancel('now'),
    ],
    { plan: '90K and calls' },
    { cancelCredit: 'prorate' },
  ),
  'days bought on the first day of a short period, which is still of the old plan': life(
    [to('600K'), wait(1)],
    { anchorDay: 1 },
    { planChangeBilling: 'grant_days', planChangeDayOfChange: 'old_plan' },
  ),
  'days bought on the last day of a term, which is still of the old plan': life(
    [wait(4), wait(5), to('600K')],
    { termDays: 10 },
    { planChangeBilling: 'grant_days', planChangeDayOfChange: 'old_plan' },
  ),
  'in arrears, more seats from tomorrow on, when the period ends tomorrow': life(
    [seats(4), wait(2), wait(40)],
    {},
    { billingTiming: 'in_arrears', billingTime: 'calendar', planChangeDayOfChange: 'old_plan' },
  ),
  'in arrears, a dearer price and another add-on count from tomorrow on, when the period ends tomorrow': life(
    [
      { do: 'price', dearer: true, when: 'now', noticeDays: 0, billed: 'always_invoice' },
      { do: 'addonCount', addon: 0, count: 3, when: 'now' },
      wait(2),
      wait(40),
    ],
    { addons: ['storage'] },
    { billingTiming: 'in_arrears', billingTime: 'calendar', planChangeDayOfChange: 'old_plan' },
  ),
  'a forecast of usage that has come to its threshold while collection is paused': life(
    [
      { do: 'calls', count: 1, hoursAgo: 0 },
      { do: 'pauseCollection', behavior: 'mark_uncollectible', days: 7 },
      { do: 'forecast', days: 52 },
    ],
    { plan: '90K and calls' },
    { usageThresholds: { VND: 1 } },
  ),
  'a forecast of usage at its threshold, of which a top-up covers a part, while invoices are kept as drafts': life(
    [
      { do: 'topUp', topUp: 'calls_300', count: 1 },
      wait(1),
      { do: 'pauseCollection', behavior: 'keep_as_draft', days: 12 },
      { do: 'calls', count: 401, hoursAgo: 12 },
      { do: 'forecast', days: 52 },
    ],
    { plan: '90K and calls' },
    { usageThresholds: { VND: 7_070 }, taxBehavior: 'inclusive' },
  ),
  'a forecast of usage that does not come to its threshold while collection is paused': life(
    [
      { do: 'calls', count: 100, hoursAgo: 0 },
      { do: 'pauseCollection', behavior: 'keep_as_draft', days: 7 },
      { do: 'forecast', days: 52 },
    ],
    { plan: '90K and calls' },
    { usageThresholds: { VND: 7_001 } },
  ),
  'a forecast of usage at its threshold, where collection goes on as the period ends': life(
    [
      { do: 'calls', count: 3, hoursAgo: 0 },
      { do: 'pauseCollection', behavior: 'void', days: 28 },
      { do: 'forecast', days: 52 },
    ],
    { plan: '90K and calls' },
    { usageThresholds: { VND: 1 } },
  ),
  'a forecast of usage at its threshold, where collection goes on in the next period': life(
    [
      { do: 'calls', count: 3, hoursAgo: 0 },
      { do: 'pauseCollection', behavior: 'mark_uncollectible', days: 10 },
      { do: 'forecast', days: 20 },
    ],
    { plan: 'calls weekly' },
    { usageThresholds: { VND: 1 } },
  ),
  'a forecast of usage at its threshold, and of what comes late, while collection is paused': life(
    [
      wait(34),
      { do: 'pauseCollection', behavior: 'mark_uncollectible', days: 7 },
      { do: 'calls', count: 2, hoursAgo: 685 },
      { do: 'calls', count: 5, hoursAgo: 0 },
      { do: 'forecast', days: 52 },
    ],
    { plan: '90K and calls' },
    { usageThresholds: { VND: 1 } },
  ),
  'a dearer price of what is paid as it is used, whose difference the company leaves out': life(
    [{ do: 'price', dearer: true, when: 'now', noticeDays: 0 }, wait(5), wait(40)],
    { plan: 'calls weekly' },
    { planChangeBilling: 'none' },
  ),
  'a dearer price after its notice, whose difference the company leaves out since': life(
    [
      { do: 'price', dearer: true, when: 'now', noticeDays: 3 },
      { do: 'settings', changes: { planChangeBilling: 'none' } },
      wait(5),
      wait(40),
    ],
    { plan: 'calls weekly' },
  ),
  'a dearer plan after what is paid as it is used, whose difference the company leaves out': life(
    [to('70K weekly'), wait(5), wait(40)],
    { plan: 'calls weekly' },
    { planChangeBilling: 'none' },
  ),
  'an add-on that follows its plan, in a first part of a period that costs nothing': life(
    [wait(3), wait(40)],
    { anchorDay: 1, addons: ['backup'] },
    { addonAlignTo: 'subscription', prorationConvention: 'none' },
  ),
  ...namedAddonLives,
  ...namedAccessLives,
};
