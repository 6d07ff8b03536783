/** What a command has found: JSON for programs, a table for people. */
export function printResult(rows: readonly Record<string, unknown>[], options: { json?: boolean | undefined }): void {
  process.stdout.write(options.json === true ? `${JSON.stringify(rows, null, 2)}\n` : formatTable(rows));
}

/** One thing: JSON for programs, a line for each of its members for people; what is empty is left out. */
export function printDetails(row: Record<string, unknown>, options: { json?: boolean | undefined }): void {
  if (options.json === true) {
    process.stdout.write(`${JSON.stringify(row, null, 2)}\n`);

    return;
  }
  const told = Object.entries(row).filter(([, value]) => value !== null && value !== false && textOf(value) !== '');
  const width = Math.max(0, ...told.map(([name]) => name.length));
  process.stdout.write(told.map(([name, value]) => `${name.padEnd(width)}  ${textOf(value)}\n`).join(''));
}

/** Columns as wide as their widest cell. */
export function formatTable(rows: readonly Record<string, unknown>[]): string {
  const [first] = rows;

  if (first === undefined) {
    return 'nothing\n';
  }
  const names = Object.keys(first);
  const cells = [names, ...rows.map((row) => names.map((name) => textOf(row[name])))];
  const widths = names.map((_name, column) => Math.max(...cells.map((line) => (line[column] ?? '').length)));

  return cells
    .map(
      (line) =>
        `${line
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function textOf(value: unknown): string {
  if (value === null || value === undefined) {
    return '';
  }

  return typeof value === 'object' ? (Object.keys(value).length === 0 ? '' : JSON.stringify(value)) : String(value);
}
