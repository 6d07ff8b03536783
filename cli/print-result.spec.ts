import { formatTable } from './print-result';

test('a table has columns as wide as their widest cell, and no blanks at the ends of lines', () => {
  expect(
    formatTable([
      { id: 1, action: 'created', details: null },
      { id: 12, action: 'plan_changed', details: 'now' },
    ]),
  ).toBe(['id  action        details', '1   created', '12  plan_changed  now', ''].join('\n'));
});

test('an empty table says so', () => {
  expect(formatTable([])).toBe('nothing\n');
});
