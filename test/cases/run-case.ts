import { adapters } from './adapters';
import { outlineOf } from './case-adapter';
import { type BillingCase } from './case-file';
import unbuiltGroups from './unbuilt-groups.json';

export type CaseResult =
  | { readonly status: 'passed' }
  | { readonly status: 'failed'; readonly actual: unknown }
  | { readonly status: 'error'; readonly error: string };

/** Runs one case against the product. Never throws: whatever goes wrong is this case's failure. */
export async function runCase({ group, inputs, expected }: BillingCase): Promise<CaseResult> {
  const adapter = Object.hasOwn(adapters, group) ? adapters[group] : undefined;
  if (!adapter) {
    const reasons: Readonly<Record<string, string>> = unbuiltGroups;
    return { status: 'error', error: `The group is not supported: ${reasons[group] ?? 'it is not known'}.` };
  }

  try {
    const actual = await adapter.run(inputs, outlineOf(expected));
    return adapter.isMatch(actual, expected) ? { status: 'passed' } : { status: 'failed', actual };
  } catch (error) {
    return { status: 'error', error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}
