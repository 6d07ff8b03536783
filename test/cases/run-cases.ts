import { type BillingCase, CaseFileError, readCaseFile } from './case-file';
import { type CaseResult, runCase } from './run-case';

const USAGE = 'Usage: npm run cases -- FILE.json [--group NAME]… [--id ID]…';

interface Arguments {
  readonly file: string;
  readonly groups: readonly string[];
  readonly ids: readonly string[];
}

/**
 * Runs a file of published billing cases against the product's own rules: one line for each failing case, then
 * `N passed, N failed, N skipped`. Skipped are only cases that the options leave out.
 *
 * @returns exit status: 0 when none failed, 1 when any did, 2 when the command or the file is not usable
 */
export async function main(argv: readonly string[], print: (line: string) => void = console.log): Promise<number> {
  try {
    const { file, groups, ids } = readArguments(argv);
    const cases = readCaseFile(file);
    const chosen = cases.filter(
      ({ group, id }) => (groups.length === 0 || groups.includes(group)) && (ids.length === 0 || ids.includes(id)),
    );

    let failed = 0;
    for (const billingCase of chosen) {
      const result = await runCase(billingCase);
      if (result.status !== 'passed') {
        failed += 1;
        print(describeFailure(billingCase, result));
      }
    }
    print(`${chosen.length - failed} passed, ${failed} failed, ${cases.length - chosen.length} skipped`);

    return failed === 0 ? 0 : 1;
  } catch (error) {
    if (error instanceof CaseFileError) {
      console.error(error.message);
      return 2;
    }
    throw error;
  }
}

function describeFailure({ id, group, expected }: BillingCase, result: CaseResult): string {
  const outcome =
    result.status === 'failed' ? `got ${toJson(result.actual)}` : `error ${toJson('error' in result && result.error)}`;

  return `${id} ${group} expected ${toJson(expected)} ${outcome}`;
}

function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? part.toString() : part)) ?? 'null';
}

function readArguments(argv: readonly string[]): Arguments {
  const files: string[] = [];
  const options: Record<'--group' | '--id', string[]> = { '--group': [], '--id': [] };
  for (let index = 0; index < argv.length; index += 1) {
    const word = argv[index] ?? '';
    if (word === '--group' || word === '--id') {
      index += 1;
      const value = argv[index];
      if (value === undefined) {
        throw new CaseFileError(USAGE);
      }
      options[word].push(value);
    } else if (word.startsWith('-')) {
      throw new CaseFileError(USAGE);
    } else {
      files.push(word);
    }
  }

  const [file, ...more] = files;
  if (file === undefined || more.length > 0) {
    throw new CaseFileError(USAGE);
  }

  return { file, groups: options['--group'], ids: options['--id'] };
}

if (require.main === module) {
  void main(process.argv.slice(2)).then((status) => {
    process.exitCode = status;
  });
}
