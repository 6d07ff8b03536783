import { Command } from 'commander';

import { describeFailure } from '../../cli/describe-failure';

/** One command of `bmms` in this process, with these variables and nothing of the machine's; it ends as `bmms` would. */
export async function runCommand(
  add: (program: Command) => void,
  args: string[],
  variables: Record<string, string>,
): Promise<{ code: number; output: string; errors: string }> {
  const before = process.env;
  let [output, errors] = ['', ''];
  const spies = [
    jest.spyOn(process.stdout, 'write').mockImplementation((text) => ((output += String(text)), true)),
    jest.spyOn(process.stderr, 'write').mockImplementation((text) => ((errors += String(text)), true)),
    jest.spyOn(process, 'exit').mockImplementation((code) => {
      process.exitCode = code ?? 0;
      throw new Error('ended');
    }),
  ];
  process.env = { ...variables };
  process.exitCode = undefined;

  try {
    const program = new Command('bmms');
    add(program);
    await program.parseAsync(args, { from: 'user' });
  } catch (error) {
    errors += describeFailure(error);
    process.exitCode ??= 1;
  } finally {
    process.env = before;
    spies.forEach((spy) => spy.mockRestore());
  }
  const code = Number(process.exitCode ?? 0);
  process.exitCode = undefined;

  return { code, output, errors };
}
