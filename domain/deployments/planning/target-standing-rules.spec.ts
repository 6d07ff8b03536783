import type { TargetStanding } from '../deployment-target-types';
import { plannedFrom } from './target-standing-rules';

const standing = (service: string, changes: Partial<TargetStanding> = {}): TargetStanding => ({
  service,
  state: 'running',
  replicas: 1,
  env: {},
  ...changes,
});

describe('services of a target, as a switch is planned from them', () => {
  it('has what runs and is needed run', () => {
    expect(plannedFrom([standing('order-svc', { replicas: 3 })], ['subscription', 'retail'])).toEqual([
      { service: 'order-svc', state: 'running', replicas: 3, env: {} },
    ]);
  });

  it('has what runs and nobody needs retire, but for what is never stopped', () => {
    const standings = ['order-svc', 'subscription-svc', 'promotion-svc'].map((service) => standing(service));

    expect(plannedFrom(standings, ['retail']).map(({ state }) => state)).toEqual(['running', 'retiring', 'running']);
  });

  it('leaves what is stopped or was never there', () => {
    const standings = [
      standing('order-svc', { state: 'stopped', replicas: 0 }),
      standing('subscription-svc', { state: 'missing', replicas: 0 }),
    ];

    expect(plannedFrom(standings, ['multi']).map(({ state }) => state)).toEqual(['stopped', 'missing']);
  });
});
