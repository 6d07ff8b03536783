import { priceMoveSubject } from '../domain/subscriptions/price-moves/price-move-row';
import type { ClientParts, OfCompany } from './client-parts';
import { signalWithStart, startUnlessRunning, type WorkflowStart } from './workflow-start';

const priceMoveStart = ({ companyId, id }: OfCompany): WorkflowStart => ({
  type: 'priceMove',
  workflowId: priceMoveSubject(id),
  taskQueue: 'subscription-svc',
  input: { companyId, priceMoveId: id },
  companyId,
  urgency: 'background',
  summary: `price move ${id}`,
});

/** A move that is not over goes on where its rows are. @returns whether it had to be started */
export const restartPriceMove = ({ temporal }: Pick<ClientParts, 'temporal'>, of: OfCompany): Promise<boolean> =>
  startUnlessRunning(temporal, priceMoveStart(of));

/** The row of a move has changed: its workflow looks at it, and is started where it was lost. */
export async function tellPriceMove({ temporal }: Pick<ClientParts, 'temporal'>, of: OfCompany): Promise<void> {
  await signalWithStart(temporal, priceMoveStart(of), { name: 'lookAgain', reuse: 'ALLOW_DUPLICATE' });
}
