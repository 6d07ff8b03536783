import { Gauge, Registry } from 'prom-client';

import { AppError } from '../../domain/errors';
import { PlacementGate } from './placement-gate';

const newGauge = () => new Gauge({ name: 'placements', help: 'placements', registers: [new Registry()] });
const newGate = (most = 3) => new PlacementGate(most, newGauge());

/** Work that ends when the test says so. */
function deferred() {
  let end: () => void = () => undefined;
  let fail: (error: Error) => void = () => undefined;
  const done = new Promise<void>((resolve, reject) => {
    end = resolve;
    fail = reject;
  });

  return { done, end, fail };
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('the gate of placements', () => {
  it('admits so many at once, lets the next in as one ends, in the order in which they came', async () => {
    const gauge = newGauge();
    const gate = new PlacementGate(2, gauge);
    const works = Array.from({ length: 5 }, deferred);
    const started: number[] = [];
    const runs = works.map((work, nth) =>
      gate.run(async () => {
        started.push(nth);
        await work.done;

        return nth;
      }),
    );
    await turn();
    expect(started).toEqual([0, 1]);

    works[1]!.end();
    await turn();
    expect(started).toEqual([0, 1, 2]);
    expect((await gauge.get()).values).toMatchObject([{ value: 2 }]);

    works.forEach((work) => work.end());
    expect(await Promise.all(runs)).toEqual([0, 1, 2, 3, 4]);
    expect((await gauge.get()).values).toMatchObject([{ value: 0 }]);
  });

  it('gives a place back when the work fails', async () => {
    const gate = newGate(1);
    const failing = deferred();
    const first = gate.run(() => failing.done);
    const second = gate.run(async () => 'second');
    failing.fail(new Error('refused'));

    await expect(first).rejects.toThrow('refused');
    expect(await second).toBe('second');
    expect(await gate.run(async () => 'third')).toBe('third');
  });

  it('never admits more than it may, whatever comes and goes', async () => {
    const gate = newGate(4);
    let inside = 0;
    let most = 0;
    const work = async (nth: number) => {
      inside += 1;
      most = Math.max(most, inside);
      for (let turns = 0; turns < nth % 5; turns += 1) {
        await turn();
      }
      inside -= 1;
      if (nth % 7 === 0) {
        throw new Error('refused');
      }
    };
    await Promise.allSettled(Array.from({ length: 200 }, (_, nth) => gate.run(() => work(nth))));

    expect(most).toBe(4);
    expect(inside).toBe(0);
  });

  it('turns away when its queue is full, and says to come back', async () => {
    const gate = newGate(1);
    const first = deferred();
    const runs = Array.from({ length: 5_001 }, () => gate.run(() => first.done));

    const refused = await gate.run(async () => 'no').catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AppError);
    expect(refused).toMatchObject({ code: 'unavailable', status: 503 });
    first.end();
    await Promise.all(runs);
  });

  it('remembers for two seconds what was sold out', () => {
    const gate = newGate();
    const at = (ms: number) => new Date(Date.parse('2026-05-04T03:00:00Z') + ms);
    gate.noteSoldOut([7, 8], at(0));

    expect(gate.isSuspect([1, 8], at(1_999))).toBe(true);
    expect(gate.isSuspect([1, 2], at(0))).toBe(false);
    expect(gate.isSuspect([7], at(2_000))).toBe(false);
  });

  it('forgets rather than grow without end', () => {
    const gate = newGate();
    const now = new Date('2026-05-04T03:00:00Z');
    gate.noteSoldOut(
      Array.from({ length: 10_001 }, (_, nth) => nth),
      now,
    );

    expect(gate.isSuspect([5], now)).toBe(false);
  });
});
