import type { Life, LifeCommand, LifeStart } from './life';

/** Words in which lives are written by hand. */

export const usualStart: LifeStart = {
  plan: '300K',
  seats: 1,
  trial: false,
  pays: 'tok_ok',
  anchorDay: null,
  termDays: null,
};
export const wait = (days: number, hours = 0): LifeCommand => ({ do: 'wait', days, hours });
export const refund = (part: number | null = null, payment = 0): LifeCommand => ({ do: 'refund', payment, part });
export const voidInvoice = (invoice = 0): LifeCommand => ({ do: 'void', invoice });
export const credit = (part: number | null = null, invoice = 0): LifeCommand => ({ do: 'credit', invoice, part });
export const to = (plan: LifeStart['plan'], when: 'now' | 'boundary' | 'policy' = 'now'): LifeCommand => ({
  do: 'change',
  plan,
  seats: null,
  when,
});
export const seats = (count: number, when: 'now' | 'boundary' | 'policy' = 'now'): LifeCommand => ({
  do: 'change',
  plan: null,
  seats: count,
  when,
});
export const cancel = (when: 'now' | 'end'): LifeCommand => ({ do: 'cancel', when });
export const pause = (when: 'now' | 'end'): LifeCommand => ({ do: 'pause', when });
export const resume: LifeCommand = { do: 'resume' };
export const paid: LifeCommand = { do: 'pageTells', payment: 0, outcome: 'paid' };

export const life = (
  commands: LifeCommand[],
  start: Partial<LifeStart> = {},
  settings: Life['settings'] = {},
): Life => ({
  settings,
  start: { ...usualStart, ...start },
  commands,
});
