/** An instruction of a Dockerfile: its word, its flags (`--from=build`), and the rest of its line. */
export interface Instruction {
  word: string;
  flags: Record<string, string>;
  rest: string;
}

/** The instructions of a Dockerfile in order: comments and line continuations resolved, words in capitals. No here-documents. */
export function readDockerfile(text: string): Instruction[] {
  return text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replace(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(readInstruction);
}

function readInstruction(line: string): Instruction {
  const [, word = '', after = ''] = /^([A-Za-z]+)\s+(.*)$/.exec(line) ?? [];
  const flags: Record<string, string> = {};
  let rest = after;

  for (let found = nextFlag(rest); found !== null; found = nextFlag(rest)) {
    flags[found[1] ?? ''] = found[2] ?? '';
    rest = rest.slice(found[0].length);
  }

  return { word: word.toUpperCase(), flags, rest };
}

const nextFlag = (text: string): RegExpExecArray | null => /^--([a-z-]+)=(\S+)\s+/.exec(text);

/** The stages of a build, each from its FROM on. */
export function stagesOf(instructions: readonly Instruction[]): { name: string | null; steps: Instruction[] }[] {
  const stages: { name: string | null; steps: Instruction[] }[] = [];

  for (const instruction of instructions) {
    if (instruction.word === 'FROM') {
      stages.push({ name: / AS (\S+)$/i.exec(instruction.rest)?.[1] ?? null, steps: [] });
    }
    stages.at(-1)?.steps.push(instruction);
  }

  return stages;
}

/** What a COPY takes and where it puts it. */
export function copyOf({ rest }: Instruction): { sources: string[]; target: string } {
  const words = rest.split(/\s+/);

  return { sources: words.slice(0, -1), target: words.at(-1) ?? '' };
}

/** The variables of an ENV instruction. */
export function variablesOf({ rest }: Instruction): Record<string, string> {
  return Object.fromEntries(
    [...rest.matchAll(/([A-Z_]+)=(?:"([^"]*)"|(\S+))/g)].map(([, name = '', quoted, plain]) => [
      name,
      quoted ?? plain ?? '',
    ]),
  );
}
