import { AppError } from '../../domain/errors';
import { isCustomer, ownCustomer, type Principal } from '../../domain/identity/principal';
import type { RequestedCommand } from '../../domain/subscriptions/commands/subscription-command-schema';
import { previewCommand } from '../../domain/subscriptions/paper/preview-subscription';
import { viewWaiting } from '../../domain/subscriptions/row/waiting-change-view';
import { type SubscriptionRow, viewSubscription } from '../../domain/subscriptions/row/subscription-view';
import type { ApiDependencies } from '../dependencies';
import type { Reply } from '../http/pipeline/route';
import { commandSubscription, findSubscription } from './command-subscription';
import { viewPreview } from './view-preview';

/** What is billed, and from when on, other than the company has set it, is for its people to say. @throws AppError forbidden */
export function assertMayChoose(principal: Principal | null, request: object): void {
  if (isCustomer(principal)) {
    refuseSaid(request, employeesOnly, 'employees');
  }
}

/** Terms of payment are for those to say who may change them later. @throws AppError forbidden */
export function assertMayAgree(principal: Principal | null, request: object): void {
  if (isCustomer(principal) || principal?.role === 'staff') {
    refuseSaid(request, managersOnly, 'managers');
  }
}

function refuseSaid(request: object, names: readonly string[], whose: string): void {
  const said = names.find((name) => (request as Readonly<Record<string, unknown>>)[name] != null);

  if (said !== undefined) {
    throw new AppError('forbidden', { field: `/${said}`, detail: `${said} is for ${whose} of the company.` });
  }
}

const managersOnly = ['daysUntilDue', 'usageThreshold'] as const;

const employeesOnly = ['prorationBehavior', 'creditUnused', 'trialDays', 'trialEnd', 'phases'] as const;

/** Has a change carried out and answers the subscription; or answers what it would bill, and changes nothing. */
export async function answerChange(
  deps: ApiDependencies,
  input: {
    companyId: number;
    subscriptionId: number;
    principal: Principal | null;
    command: RequestedCommand;
    isPreview: boolean;
    effectKey: string | null;
    now: Date;
  },
): Promise<Reply> {
  const { companyId, subscriptionId, command, effectKey, now } = input;
  const of = { companyId, subscriptionId, customerId: ownCustomer(input.principal) };
  assertMayChoose(input.principal, command);

  if (command.type === 'cancel_change' && of.customerId !== undefined) {
    requireOwnChange(await findSubscription(deps, of), command.changeId);
  }

  if (!input.isPreview) {
    const { row } = await commandSubscription(deps, { ...of, command, effectKey });

    return { status: 200, body: viewSubscription(row) };
  }
  const { timeZone } = await findSubscription(deps, of);
  const preview = await previewCommand(deps.database, command, { ...of, gateways: deps.gateways, now });

  return { status: 200, body: viewPreview(preview, timeZone) };
}

/** What a company has announced, or agreed on for later, is not its customers' to take back. @throws AppError forbidden */
function requireOwnChange(row: SubscriptionRow, changeId: number): void {
  const isOfPrice = (kind: string) => kind === 'price' || kind === 'phase';

  if (viewWaiting(row).changes.some(({ id, kind }) => id === changeId && isOfPrice(kind))) {
    throw new AppError('forbidden', { field: '/changeId', detail: 'A change of price is taken back by the company.' });
  }
}
