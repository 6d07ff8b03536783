import type { CreditChoice, ProrationBehavior } from '../../../domain/subscriptions/lifecycle/subscription-types';
import type { LifeCommand } from './life';
import type { Asked } from './product';
import type { Snapshot } from './snapshot';
import { askedOfTerm, isTermCommand } from './term-commands';

/** @param part in millionths; null: all of it, as whoever is asked has it */
export function shareOf(amount: number, part: number | null): number | null {
  return part === null ? null : Math.max(1, Math.floor((amount * part) / 1_000_000));
}

/** What it says of its bill in place of what the company has set. */
function saidOf({ billed, unused }: { billed?: ProrationBehavior | undefined; unused?: CreditChoice | undefined }) {
  return {
    ...(billed === undefined ? {} : { prorationBehavior: billed }),
    ...(unused === undefined ? {} : { creditUnused: unused }),
  };
}

/** A command as it is asked of the product; null where there is nothing that it could be about. */
export function askedOf(
  command: Exclude<
    LifeCommand,
    { do: 'wait' | 'forecast' | 'pageTells' | 'refund' | 'settings' | 'calls' | 'grant' | 'payOut' | 'taxed' }
  >,
  snapshot: Snapshot,
): Asked | null {
  if (isTermCommand(command)) {
    return askedOfTerm(command, snapshot);
  }
  const { subscription, addons, invoices, lines } = snapshot;

  switch (command.do) {
    case 'buy':
      return {
        ...saidOf(command),
        type: 'add_addons',
        addonIds: [],
        addonKeys: command.addons,
        quantity: command.count,
      };
    case 'topUp':
      return {
        ...saidOf(command),
        type: 'add_addons',
        addonIds: [],
        addonKeys: [command.topUp],
        quantity: command.count,
      };
    case 'removeAddon':
    case 'addonPrice':
    case 'addonCount': {
      const addon = addons.filter((one) => one.ended_at === null).at(-1 - command.addon);

      if (addon === undefined) {
        return null;
      }
      const addonId = addon.addon_id;

      if (command.do === 'addonPrice') {
        const { dearer, when, noticeDays, billed: prorationBehavior } = command;

        return { type: 'change_price', addonId, dearer, immediate: when === 'now', noticeDays, prorationBehavior };
      }

      return command.do === 'removeAddon'
        ? { ...saidOf(command), type: 'remove_addon', addonId, atPeriodEnd: command.when === 'end' }
        : {
            ...saidOf(command),
            type: 'change_addon',
            addonId,
            quantity: command.count,
            immediate: { now: true, boundary: false, policy: null }[command.when],
          };
    }
    case 'change': {
      const immediate = { now: true, boundary: false, policy: null }[command.when];

      return { ...saidOf(command), type: 'change_plan', plan: command.plan, quantity: command.seats, immediate };
    }
    case 'takeBackChange':
      return {
        type: 'change_plan',
        plan: subscription.plan_name,
        quantity: subscription.quantity,
        immediate: null,
      };
    case 'cancel':
      return { ...saidOf(command), type: 'cancel', reason: 'leaving', cancelAtPeriodEnd: command.when === 'end' };
    case 'pause':
      return { ...saidOf(command), type: 'pause', reason: 'away', atPeriodEnd: command.when === 'end' };
    case 'resume':
      return { ...saidOf(command), type: 'resume' };
    case 'method':
      return { type: 'set_payment_method', pays: command.pays };
    case 'code':
      return { type: 'apply_promotion', promotionCode: command.code };
    case 'takeBackCode':
      return { type: 'remove_promotion', promotionCode: command.code };
    case 'price': {
      const { dearer, when, noticeDays, billed: prorationBehavior } = command;

      return { type: 'change_price', dearer, immediate: when === 'now', noticeDays, prorationBehavior };
    }
    case 'phases':
      return {
        type: 'set_phases',
        phases: command.phases.map(({ after, price, seats }) => ({ afterPeriods: after, price, quantity: seats })),
      };
    case 'terms':
      return { type: 'set_payment_terms', daysUntilDue: command.days };
    case 'record': {
      const invoice = invoices.filter((one) => one.due_amount > 0).at(-1 - command.invoice);

      return invoice === undefined
        ? null
        : {
            type: 'record_payment',
            invoiceId: invoice.id,
            amount: shareOf(invoice.due_amount, command.part) ?? invoice.due_amount,
          };
    }
    case 'pay':
    case 'void':
    case 'credit': {
      const wanted = command.do === 'pay' ? invoices.filter((one) => one.due_amount > 0) : invoices;
      const invoice = wanted.at(-1 - command.invoice);

      if (invoice === undefined) {
        return null;
      }

      return command.do === 'pay'
        ? { type: 'pay_invoice', invoiceId: invoice.id, pays: command.pays }
        : command.do === 'void'
          ? { type: 'void_invoice', invoiceId: invoice.id }
          : {
              type: 'credit_invoice',
              invoiceId: invoice.id,
              amount: shareOf(
                lines
                  .filter((line) => line.invoice_id === invoice.id)
                  .reduce((total, line) => total + line.subtotal, 0),
                command.part,
              ),
              notes: null,
            };
    }
    default:
      return { type: command.do };
  }
}
