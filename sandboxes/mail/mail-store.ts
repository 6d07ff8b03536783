import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A mail that was caught; instants are ISO 8601. */
export interface CaughtMail {
  id: number;
  receivedAt: string;
  messageId: string | null;
  /** Of the envelope, as the addresses below are: where it would have gone. */
  from: string;
  to: string[];
  subject: string;
  text: string;
  html: string | null;
}

export interface MailStore {
  add(mail: Omit<CaughtMail, 'id'>): CaughtMail;
  /** Newest first. @param to part of an address, in any case */
  list(to?: string): CaughtMail[];
  find(id: number): CaughtMail | undefined;
  clear(): void;
}

/**
 * Keeps the newest mails, in a file of JSON lines where one is given. The file holds at most twice as many as are kept; a
 * last line that a crash cut off is dropped.
 * @param options.keep how many
 * @throws Error when another line of the file cannot be read: it is not ours, or damaged
 */
export function openMailStore({ file, keep }: { file?: string | undefined; keep: number }): MailStore {
  let mails = file === undefined ? [] : readMails(file);
  let lines = mails.length;
  let lastId = mails.at(-1)?.id ?? 0;
  mails = mails.slice(-keep);

  const rewrite = (): void => {
    lines = mails.length;

    if (file !== undefined) {
      writeFileSync(`${file}.new`, mails.map(lineOf).join(''), { mode: 0o600 });
      renameSync(`${file}.new`, file);
    }
  };
  rewrite();

  return {
    add(fields) {
      lastId += 1;
      const mail = { id: lastId, ...fields };
      mails = [...mails, mail].slice(-keep);
      lines += 1;

      if (lines > 2 * keep) {
        rewrite();
      } else if (file !== undefined) {
        appendFileSync(file, lineOf(mail), { mode: 0o600 });
      }

      return mail;
    },
    list(to = '') {
      const part = to.trim().toLowerCase();

      return mails.filter((mail) => mail.to.some((address) => address.toLowerCase().includes(part))).reverse();
    },
    find: (id) => mails.find((mail) => mail.id === id),
    clear() {
      mails = [];
      rewrite();
    },
  };
}

const lineOf = (mail: CaughtMail): string => `${JSON.stringify(mail)}\n`;

function readMails(file: string): CaughtMail[] {
  mkdirSync(dirname(file), { recursive: true });
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';

  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1)
    .map((line, index) => {
      try {
        return JSON.parse(line) as CaughtMail;
      } catch (cause) {
        throw new Error(`The mail sandbox cannot read line ${index + 1} of ${file}. Remove the file to begin anew.`, {
          cause,
        });
      }
    });
}
