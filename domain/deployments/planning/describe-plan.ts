import type { BusinessModel } from '../../intents/intent-types';
import { formatMoneyFor } from '../../money/localized-money';
import type { ServiceChange } from '../changeset-types';
import type { TargetDescription } from '../deployment-target-types';
import { type Language, planWords, type PlanWords, tellWork } from './plan-words';
import { fractionOf } from './service-matrix-rules';
import { sumOfWork } from './switch-plan-rules';
import type { Door, Drain, SwitchedSettings, SwitchPlan } from './switch-plan-types';

const marks: Readonly<Record<ServiceChange['action'], string>> = {
  create: '+',
  start: '+',
  update: '~',
  stop: '-',
  keep: '=',
};
const locales: Readonly<Record<Language, string>> = { vi: 'vi-VN', en: 'en-US' };

/** A plan as a person reads it before saying yes: what begins, changes, ends and stays, in the reader's language. */
export function describePlan(
  input: { plan: SwitchPlan; target: TargetDescription; drain: Drain },
  language: Language,
): string {
  const { plan, target, drain } = input;
  const words = planWords[language];

  return [
    plan.from === plan.to
      ? words.stays(modelName(words, plan.from))
      : words.switches(modelName(words, plan.from), modelName(words, plan.to)),
    `${words.target}: ${targetLine(target)}`,
    ...(target.kind === 'directory' ? [words.exported] : []),
    '',
    ...section(
      words.services,
      plan.changeset.services.map((change) => serviceLine(change, plan, words)),
    ),
    ...section(words.catalogue, catalogueLines(plan, words, locales[language])),
    ...section(words.settings, settingLines(plan)),
    ...section(words.doors, doorLines(plan, words)),
    ...section(words.openWork, openWorkLines(plan, drain, words)),
    words.summary(countsOf(plan)),
  ].join('\n');
}

const modelName = (words: PlanWords, model: BusinessModel): string => words.models[model];

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`), ''];

function targetLine({ kind, context, server, clusterId }: TargetDescription): string {
  const details = [context, server, clusterId].filter((one) => one !== null);

  return details.length === 0 ? kind : `${kind} (${details.join(', ')})`;
}

function serviceLine(
  { service, action, replicas, env, reason }: ServiceChange,
  plan: SwitchPlan,
  words: PlanWords,
): string {
  const isEnding = plan.stops.includes(service);
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const says = isEnding && action === 'keep' ? words.retires : words.actions[action];
  const why = reason === null ? '' : ` (${words.reasons[reason] ?? reason})`;

  return `${isEnding ? '-' : marks[action]} ${service.padEnd(17)} ${says}, ${words.replicas(replicas)}${why}${
    variables.length === 0 ? '' : `  ${variables.join(' ')}`
  }`;
}

function catalogueLines(plan: SwitchPlan, words: PlanWords, locale: string): string[] {
  const mark = (action: 'create' | 'reuse') => (action === 'create' ? '+' : '=');

  return [
    ...plan.plans.map(
      ({ action, name, price, currency, billingCycle, trialDays, unit }) =>
        `${mark(action)} ${words.plan} “${name}”: ${formatMoneyFor(price, currency, locale)}/${words.cycles[billingCycle]}${
          unit === 'seat' ? `, ${words.perSeat}` : ''
        }${trialDays === 0 ? '' : `, ${words.trial(trialDays)}`}, ${words.entries[action]}`,
    ),
    ...plan.addons.map(
      ({ action, name, key, price, currency, billingPeriod }) =>
        `${mark(action)} ${words.addon} “${name}” (${key}): ${formatMoneyFor(price, currency, locale)}/${words.cycles[billingPeriod]}, ${words.entries[action]}`,
    ),
    ...plan.promotions.map(
      ({ action, name, code, periods }) =>
        `${mark(action)} ${words.promotion} “${name}” (${code}), ${periods === null ? words.forEver : words.periods(periods)}, ${words.entries[action]}`,
    ),
  ];
}

function settingLines({ settings, settingsBefore }: SwitchPlan): string[] {
  const told = (name: keyof SwitchedSettings, value: unknown): string =>
    name === 'taxRatePpm' ? fractionOf(Number(value)) : String(value ?? '–');

  return (Object.keys(settings) as (keyof SwitchedSettings)[]).map(
    (name) =>
      `~ ${name === 'taxRatePpm' ? 'taxRate' : name}: ${told(name, settingsBefore[name])} → ${told(name, settings[name])}`,
  );
}

function doorLines({ closes, opens }: SwitchPlan, words: PlanWords): string[] {
  const list = (some: readonly Door[]) => some.map((door) => words.door[door]).join(', ');

  return [
    ...(closes.length === 0 ? [] : [`- ${words.closes(list(closes))}`]),
    ...(opens.length === 0 ? [] : [`+ ${words.opens(list(opens))}`]),
  ];
}

function openWorkLines({ openWork }: SwitchPlan, drain: Drain, words: PlanWords): string[] {
  return sumOfWork(openWork) === 0 ? [] : [`${tellWork(openWork, words)}: ${words.drains[drain]}`];
}

/** What begins, changes and ends, of services and of the catalogue. */
function countsOf({ changeset, stops, plans, addons, promotions, settings }: SwitchPlan) {
  const of = (...actions: ServiceChange['action'][]) =>
    changeset.services.filter(({ action, service }) => actions.includes(action) && !stops.includes(service)).length;
  const made = [...plans, ...addons, ...promotions].filter(({ action }) => action === 'create').length;

  return { add: of('create', 'start') + made, change: of('update') + Object.keys(settings).length, stop: stops.length };
}
