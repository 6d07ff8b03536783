import { AppError } from '../../errors';

export interface Trial {
  trialEnabled: boolean;
  trialDays: number;
}

/**
 * The trial of a plan after what was given is applied to what is there. Days need a trial and a trial needs days;
 * switching the trial off alone takes its days away.
 * @throws AppError validation_failed on /trialDays
 */
export function resolveTrial(current: Trial, given: Partial<Trial>): Trial {
  const trialEnabled = given.trialEnabled ?? current.trialEnabled;
  const trialDays = given.trialDays ?? (trialEnabled ? current.trialDays : 0);

  if (trialDays > 0 && !trialEnabled) {
    throw new AppError('validation_failed', {
      field: '/trialDays',
      detail: 'Trial days need a trial: send trialEnabled true as well.',
    });
  }

  if (trialEnabled && trialDays === 0) {
    throw new AppError('validation_failed', {
      field: '/trialDays',
      detail: 'A trial lasts at least one day. To have none, send trialEnabled false.',
    });
  }

  return { trialEnabled, trialDays };
}

export const noTrial: Trial = { trialEnabled: false, trialDays: 0 };
