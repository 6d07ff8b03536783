import { appendFileSync, existsSync, mkdirSync, readFileSync, truncateSync } from 'node:fs';
import { dirname } from 'node:path';
import { type SandboxEvent } from './sandbox-types';

export interface Journal {
  append(event: SandboxEvent): void;
}

/** Keeps nothing: for a sandbox that lives and dies with a test. */
export const forgetfulJournal: Journal = { append: () => undefined };

/**
 * Opens a journal of JSON lines and replays it. Each event is on disk before it takes effect. A last line that a crash
 * cut off is dropped, because its event never took effect.
 *
 * @throws Error when another line cannot be read: the file is not ours, or damaged
 */
export function openJournal(path: string, replay: (event: SandboxEvent) => void): Journal {
  mkdirSync(dirname(path), { recursive: true });
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);

  if (whole.length < text.length) {
    truncateSync(path, Buffer.byteLength(whole));
  }
  whole
    .split('\n')
    .slice(0, -1)
    .forEach((line, index) => replay(parseLine(path, line, index + 1)));

  return { append: (event) => appendFileSync(path, `${JSON.stringify(event)}\n`, { mode: 0o600 }) };
}

function parseLine(path: string, line: string, number: number): SandboxEvent {
  try {
    return JSON.parse(line) as SandboxEvent;
  } catch (cause) {
    throw new Error(`The VNPay sandbox cannot read line ${number} of ${path}. Remove the file to begin anew.`, {
      cause,
    });
  }
}
