import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { adapters } from '../../../test/cases/adapters/index';
import { outlineOf } from '../../../test/cases/case-adapter';
import { readCaseFile } from '../../../test/cases/case-file';
import { runCase } from '../../../test/cases/run-case';
import { main } from '../../../test/cases/run-cases';
import unbuiltGroups from '../../../test/cases/unbuilt-groups.json';

const FILE = path.join(__dirname, '../../../test/cases/billing_cases.json');
const all = readCaseFile(FILE);
const cases = all.filter(({ group }) => !Object.hasOwn(unbuiltGroups, group));

/** Groups of what the product does not do yet. This list only ever gets shorter. */
const MAY_BE_UNBUILT: readonly string[] = [
  'coupons.split_over_lines_then_tax',
  'dunning.per_currency',
  'dunning.timeline',
  'invoice_numbers.per_customer',
  'invoice_numbers.per_entity',
  'revenue.amortisation_mode',
  'revenue.credit_note',
  'revenue.monthly_split',
  'revenue.upgrade_mid_month',
  'trial_anniversary',
];

describe('published billing cases', () => {
  it('all come out of the product’s own rules', async () => {
    const results = await Promise.all(cases.map(async (one) => ({ id: one.id, ...(await runCase(one)) })));

    expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
    expect(cases.length).toBeGreaterThanOrEqual(226);
  });

  it('fail with the reason where the product does not do what they are about', async () => {
    const lines: string[] = [];

    const status = await main([FILE], (line) => lines.push(line));

    expect(status).toBe(1);
    expect(lines.at(-1)).toBe(`${cases.length} passed, ${all.length - cases.length} failed, 0 skipped`);
    for (const { id, group } of all.filter((one) => !cases.includes(one))) {
      const reason = (unbuiltGroups as Record<string, string>)[group] ?? 'no reason';
      expect(lines.find((line) => line.startsWith(`${id} ${group} `))).toContain(reason);
    }
  });

  it('cover every group, or say which they do not', () => {
    const missing = [...new Set(all.map(({ group }) => group))].filter((group) => !Object.hasOwn(adapters, group));

    expect(missing.sort()).toEqual(Object.keys(unbuiltGroups).sort());
    expect(Object.keys(unbuiltGroups).filter((group) => !MAY_BE_UNBUILT.includes(group))).toEqual([]);
  });

  it('never look at the time zone of the machine', async () => {
    const local = [
      'getTimezoneOffset',
      'getFullYear',
      'getMonth',
      'getDate',
      'getDay',
      'getHours',
      'toString',
    ] as const;
    const spies = local.map((name) =>
      jest.spyOn(Date.prototype, name).mockImplementation(() => {
        throw new Error(`Date.prototype.${name} reads the time zone of the machine.`);
      }),
    );

    const results = await Promise.all(cases.map(runCase)).finally(() => spies.forEach((spy) => spy.mockRestore()));

    expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  });

  it('never look at the clock of the machine', async () => {
    jest.useFakeTimers({ now: new Date('1999-12-31T23:59:59Z'), doNotFake: ['nextTick', 'setImmediate'] });

    const results = await Promise.all(cases.map(runCase)).finally(() => jest.useRealTimers());

    expect(results.filter(({ status }) => status !== 'passed')).toEqual([]);
  });

  it('notice when any one value expected is another', async () => {
    const unnoticed: string[] = [];
    for (const billingCase of cases) {
      for (const [where, expected] of everyChange(billingCase.expected)) {
        const { status } = await runCase({ ...billingCase, expected: expected as Record<string, unknown> });
        if (status === 'passed') {
          unnoticed.push(`${billingCase.id} ${where}`);
        }
      }
    }

    expect(unnoticed).toEqual([]);
  });

  it('are asked without showing the adapters what is expected', () => {
    expect(outlineOf({ amount: '1.00', lines: [['2023-01-01', 5], null] })).toEqual({
      amount: null,
      lines: [[null, null], null],
    });
  });
});

describe('the command', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'billing-cases-'));
  const write = (name: string, content: unknown) => {
    const file = path.join(folder, name);
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return file;
  };
  const run = async (...argv: string[]) => {
    const lines: string[] = [];
    const status = await main(argv, (line) => lines.push(line));
    return { status, lines };
  };
  const wrong = {
    id: 'wrong-1',
    product: 'x',
    group: 'whole_periods',
    inputs: { billing_period: 'WEEKLY', start: '2026-01-01', end: '2026-01-08' },
    expected: { whole_periods: 2 },
  };
  const unknown = { ...wrong, id: 'unknown-1', group: 'no.such.group' };
  const broken = { ...wrong, id: 'broken-1', inputs: { billing_period: 'WEEKLY' } };

  afterAll(() => rmSync(folder, { recursive: true }));

  it('prints one line for each failing case, goes on, and says so by its status', async () => {
    const { status, lines } = await run(write('failing.json', { meta: {}, cases: [wrong, unknown, broken] }));

    expect(status).toBe(1);
    expect(lines[0]).toBe('wrong-1 whole_periods expected {"whole_periods":2} got {"whole_periods":1}');
    expect(lines[1]).toMatch(/^unknown-1 no\.such\.group expected .* error "The group is not supported/);
    expect(lines[2]).toMatch(/^broken-1 whole_periods expected .* error "/);
    expect(lines.slice(3)).toEqual(['0 passed, 3 failed, 0 skipped']);
  });

  it('skips only what the options leave out', async () => {
    const file = write('filtered.json', {
      meta: {},
      cases: [wrong, unknown, { ...wrong, id: 'right-1', expected: { whole_periods: 1 } }],
    });

    expect((await run(file, '--id', 'right-1')).lines).toEqual(['1 passed, 0 failed, 2 skipped']);
    expect((await run(file, '--group', 'no.such.group')).lines.at(-1)).toBe('0 passed, 1 failed, 2 skipped');
  });

  it('refuses a file that it cannot read or that holds no cases', async () => {
    const complain = jest.spyOn(console, 'error').mockImplementation(() => undefined);

    expect(await run(path.join(folder, 'missing.json'))).toEqual({ status: 2, lines: [] });
    expect(await run(write('text.json', 'no json'))).toEqual({ status: 2, lines: [] });
    expect(await run(write('other.json', { meta: {}, rows: [] }))).toEqual({ status: 2, lines: [] });
    expect(await run()).toEqual({ status: 2, lines: [] });
    expect(complain).toHaveBeenCalledTimes(4);

    complain.mockRestore();
  });
});

/** The expectation with one value changed, once for each value in it. */
function* everyChange(expected: unknown, where = ''): Generator<[string, unknown]> {
  if (Array.isArray(expected)) {
    for (const [index, value] of expected.entries()) {
      for (const [at, changed] of everyChange(value, `${where}/${index}`)) {
        yield [at, expected.with(index, changed)];
      }
    }
    yield [`${where}/+1`, [...(expected as unknown[]), 'one more']];
    return;
  }
  if (expected !== null && typeof expected === 'object') {
    for (const [key, value] of Object.entries(expected)) {
      for (const [at, changed] of everyChange(value, `${where}/${key}`)) {
        yield [at, { ...expected, [key]: changed }];
      }
    }
    return;
  }
  yield [where, changeOf(expected)];
}

/** Another value of the same kind: a digit more, the other boolean, something instead of nothing. */
function changeOf(value: unknown): unknown {
  if (typeof value === 'boolean') {
    return !value;
  }
  if (typeof value === 'number') {
    return value + 1;
  }
  if (typeof value !== 'string') {
    return 'something';
  }

  // In '60 (20/30 of 90)' only the number before the remark is a value.
  const digit = value.includes(' (') ? /^\d/ : /\d(?=\D*$)/;

  return digit.test(value) ? value.replace(digit, (found) => String((Number(found) + 1) % 10)) : `${value} changed`;
}
