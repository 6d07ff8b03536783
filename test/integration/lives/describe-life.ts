import type { Life, LifeCommand, LifeStart } from './life';
import { describeTermCommand, isTermCommand } from './term-commands';

const nth = (back: number, what: string) => (back === 0 ? `the latest ${what}` : `the latest ${what} but ${back}`);
const share = (part: number | null) => (part === null ? 'all' : `${(part / 10_000).toFixed(2)} %`);
const settings = (changes: object) =>
  Object.entries(changes)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');

function describeStart({
  plan,
  seats,
  trial,
  pays,
  anchorDay,
  termDays,
  code,
  taxByDate,
  addons = [],
  startDays,
}: LifeStart): string {
  return [
    `subscribe to ${plan}`,
    seats === 1 ? '' : ` × ${seats}`,
    addons.length === 0 ? '' : ` with ${addons.join(', ')}`,
    trial ? ', in trial' : '',
    `, pays by ${pays ?? 'nothing known'}`,
    startDays === undefined ? '' : `, ${Math.abs(startDays)} days ${startDays < 0 ? 'ago' : 'from now'}`,
    anchorDay === null ? '' : `, periods begin on day ${anchorDay}`,
    termDays === null ? '' : `, for ${termDays} days`,
    code == null ? '' : `, with ${code}`,
    taxByDate === true ? ', taxed at 8 % and from April on at 10 %' : '',
  ].join('');
}

/** A command as a person would say it. */
export function describeCommand(command: LifeCommand): string {
  const said = 'billed' in command && !command.do.endsWith('rice') ? `, ${command.billed}` : '';
  const unused = 'unused' in command ? `, what is unused: ${command.unused}` : '';

  return `${describeAsked(command)}${said}${unused}`;
}

function describeAsked(command: LifeCommand): string {
  if (isTermCommand(command)) {
    return describeTermCommand(command);
  }

  switch (command.do) {
    case 'wait':
      return `wait ${command.days} days${command.hours === 0 ? '' : ` ${command.hours} hours`}`;
    case 'change':
      return [
        'change',
        command.plan === null ? '' : ` to ${command.plan}`,
        command.seats === null ? '' : ` to ${command.seats} seats`,
        { now: ' at once', boundary: ' for the end of the period', policy: '' }[command.when],
      ].join('');
    case 'buy':
      return `buy ${command.addons.join(', ')}${command.count === 1 ? '' : ` × ${command.count}`}`;
    case 'topUp':
      return `top up with ${command.topUp}${command.count === 1 ? '' : ` × ${command.count}`}`;
    case 'removeAddon':
      return `remove ${nth(command.addon, 'add-on')} ${command.when === 'now' ? 'at once' : 'at its end'}`;
    case 'addonCount':
      return `${command.count} of ${nth(command.addon, 'add-on')}${{ now: ' at once', boundary: ' for the end of its period', policy: '' }[command.when]}`;
    case 'takeBackChange':
      return 'change back to the plan it has';
    case 'cancel':
    case 'pause':
      return `${command.do} ${command.when === 'now' ? 'at once' : 'for the end of the period'}`;
    case 'method':
      return `pays by ${command.pays ?? 'nothing known'} from now on`;
    case 'pay':
      return `pay ${nth(command.invoice, 'invoice')} by ${command.pays}`;
    case 'pageTells':
      return `the page of ${nth(command.payment, 'payment')} tells: ${command.outcome}`;
    case 'refund':
      return `refund ${share(command.part)} of ${nth(command.payment, 'payment')}`;
    case 'void':
      return `void ${nth(command.invoice, 'invoice')}`;
    case 'credit':
      return `credit note over ${share(command.part)} of ${nth(command.invoice, 'invoice')}`;
    case 'settings':
      return `set ${settings(command.changes)}`;
    case 'forecast':
      return `forecast ${command.days} days, and wait for them`;
    case 'code':
      return `apply ${command.code}`;
    case 'takeBackCode':
      return `apply ${command.code} no more`;
    case 'calls':
      return `${command.count} calls${command.hoursAgo === 0 ? '' : ` of ${command.hoursAgo} hours ago`}`;
    case 'grant':
      return `give ${command.amount} of credit${command.days === null ? '' : ` for ${command.days} days`}`;
    case 'payOut':
      return `pay out ${share(command.part)} of the credit`;
    case 'record':
      return `record a transfer of ${share(command.part)} of ${nth(command.invoice, 'invoice that is due')}`;
    case 'taxed':
      return `taxed as ${command.as}`;
    case 'price':
      return describePrice(command);
    case 'addonPrice':
      return `${describePrice(command)}, of ${nth(command.addon, 'add-on')}`;
    case 'phases':
      return `phases: ${command.phases.map(({ after, price, seats }) => `after ${after} at ${price ?? 'the same'} × ${seats ?? 'the same'}`).join(', ') || 'none'}`;
    case 'terms':
      return `invoices are due ${command.days === null ? 'as the company has it' : `after ${command.days} days`}`;
    default:
      return command.do;
  }
}

function describePrice({
  dearer,
  when,
  noticeDays,
  billed,
}: Extract<LifeCommand, { do: 'price' | 'addonPrice' }>): string {
  const at =
    when === 'now'
      ? noticeDays === 0
        ? 'at once'
        : `in ${noticeDays} days`
      : `at the renewal after ${noticeDays} days`;

  return `${dearer ? 'a dearer price' : 'the price of today'} ${at}${billed === undefined ? '' : `, ${billed}`}`;
}

/** The whole life as a list, one thing a line; and as data, to be lived again. */
export function describeLife(life: Life): string {
  const set = settings(life.settings);

  return [
    ...(set === '' ? [] : [`company: ${set}`]),
    `31 January, 1:30: ${describeStart(life.start)}`,
    ...life.commands.map(describeCommand),
  ].join('\n  ');
}
