import { AppError } from '../errors';
import type { Intent } from '../intents/intent-types';
import type { NewDeployment } from './create-deployment';
import type { DeploymentRow } from './row/deployment-row';

/**
 * What takes a switch back: a new switch to the model before it, planned against today (D30); a tax rate that it changed goes
 * back too. What it sells stays in the catalogue.
 * @throws AppError deployment_state for a switch that has not succeeded
 */
export function rollbackOf(row: DeploymentRow, id: number): NewDeployment {
  if (row.status !== 'succeeded') {
    throw new AppError('deployment_state', {
      detail: `The switch is ${row.status}; only one that has succeeded is taken back.`,
      params: { state: row.status },
    });
  }
  const { taxRatePpm } = row.plan.settingsBefore;
  const intent: Intent = {
    businessModel: row.plan.from,
    plans: [],
    addons: [],
    promotions: [],
    taxRate: taxRatePpm === undefined ? null : taxRatePpm / 1_000_000,
    source: 'rules',
    confidence: 1,
    questions: [],
  };

  return { id, intent, sentence: null, drain: 'finish', drainMinutes: null, rollbackOf: row.id };
}
