import { readFileSync } from 'node:fs';
import { z } from 'zod';

const billingCase = z.object({
  id: z.string().min(1),
  product: z.string(),
  group: z.string().min(1),
  inputs: z.record(z.string(), z.unknown()),
  expected: z.record(z.string(), z.unknown()),
});

const caseFile = z.object({
  meta: z.record(z.string(), z.unknown()),
  cases: z.array(billingCase),
});

export type BillingCase = z.infer<typeof billingCase>;

/** A file that cannot be read or is not of the schema; the run does not begin. */
export class CaseFileError extends Error {
  override readonly name = 'CaseFileError';
}

/** Reads a file of billing cases. @throws CaseFileError */
export function readCaseFile(path: string): BillingCase[] {
  const parsed = caseFile.safeParse(parseJson(path, readText(path)));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CaseFileError(`${path} is not a file of billing cases: ${issue?.path.join('.')}: ${issue?.message}`);
  }

  return parsed.data.cases;
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new CaseFileError(`${path} cannot be read: ${(error as Error).message}`);
  }
}

function parseJson(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new CaseFileError(`${path} is not JSON: ${(error as Error).message}`);
  }
}
