import { setTimeout as sleep } from 'node:timers/promises';

import { z } from 'zod';

import type { Clock } from '../../platform/clock';
import type { Database } from '../../platform/db/database';
import { emailBound, passwordBound, passwordLinkMs } from './account-link-rules';
import { type ClaimedNotice, claimNotices, type NoticeClaim, readClaimed } from './claim-notices';
import { enterNoticeResults, isGivenUp, type NoticeOutcome, type NoticeResult } from './enter-notice-results';
import type { MailRoutes } from './mail-gateway';
import { noticeMessageId } from './notice-rules';
import { noticePriorities, type NoticePriority } from './notice-types';
import { renderNotice } from './render-notice';
import type { SignedLinks } from './signed-links';

/** The part of a logger that the delivery needs. Addresses and texts are not logged. */
export interface DeliveryLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface DeliveryOptions {
  database: Database;
  clock: Clock;
  logger: DeliveryLog;
  mail: MailRoutes;
  links: SignedLinks;
  /** platform.installation.id */
  installation: string;
}

/** Longer than all mails of a batch can take, so that a claim runs out only when its holder is gone. */
const claimMs = 120_000;
const batchSize = 20;

/** So long the mails of a batch are begun; a server that is slower than that has the rest put off. */
const patienceMs = 60_000;

/** Mails under way at once, of one process, each to somebody else. */
const atOnce = 5;

/** Critical within a second, important within five (S325, S326): one look for both, on an index that is empty. */
const lookEveryMs = 500;

/** Normal ones are collected for so long (S327). */
const normalEveryMs = 60_000;
const mostBackOffMs = 10_000;

/**
 * Sends notices until it is told to stop. Any number of these may run, in any number of processes: each notice is claimed
 * by one. At least once: whoever dies between sending and noting it leaves a claim that runs out, and the repeat carries
 * the same Message-ID. Losing the database is waited out, with growing pauses. Never rejects.
 */
export async function runNoticeDelivery(options: DeliveryOptions & { signal: AbortSignal }): Promise<void> {
  const { clock, logger, signal } = options;
  let normalDueAt = 0;
  let failures = 0;

  while (!signal.aborted) {
    const now = clock.now().getTime();
    const withNormal = now >= normalDueAt;

    try {
      const claimed = await deliverDueNotices(options, withNormal ? noticePriorities : ['critical', 'important']);
      failures = 0;

      if (claimed === batchSize) {
        continue;
      }
      normalDueAt = withNormal ? now + normalEveryMs : normalDueAt;
      await pause(lookEveryMs, signal);
    } catch (err) {
      failures += 1;
      logger.warn({ err }, 'notices could not be read or noted; trying again');
      await pause(Math.min(lookEveryMs * 2 ** failures, mostBackOffMs), signal);
    }
  }
}

/**
 * One batch: claims what is due, sends it, and enters the results of each company. Who is told several things is told one
 * after the other, in the order in which they happened. What was sent by a process that dies before its result is entered
 * is sent again, with the same Message-ID.
 * @returns how many were claimed; fewer than a whole batch means that nothing more is due
 */
export async function deliverDueNotices(
  options: DeliveryOptions,
  priorities: readonly NoticePriority[] = noticePriorities,
): Promise<number> {
  const { database, clock } = options;
  const now = clock.now();
  const until = new Date(now.getTime() + claimMs);
  const claims = await claimNotices(database.system, { now, until, priorities, limit: batchSize });

  if (claims.length === 0) {
    return 0;
  }
  const groups = await Promise.all([...byCompany(claims)].map((entry) => readOf(database, ...entry)));
  const queue = groups.flatMap((group) => byRecipient(group.notices).map((chain) => ({ ...group, chain })));
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      next.outcomes.push(...(await sendInOrder(options, next, now.getTime() + patienceMs)));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  await Promise.all(groups.map((group) => enter(options, group)));

  return claims.length;
}

interface OfCompany {
  companyId: number;
  notices: ClaimedNotice[];
  outcomes: NoticeOutcome[];
}

function byCompany(claims: readonly NoticeClaim[]): Map<number, NoticeClaim[]> {
  const groups = new Map<number, NoticeClaim[]>();

  for (const claim of claims) {
    groups.set(claim.companyId, [...(groups.get(claim.companyId) ?? []), claim]);
  }

  return groups;
}

/** Chains of one recipient each, oldest first; the chain with the most urgent notice goes first. */
function byRecipient(notices: readonly ClaimedNotice[]): ClaimedNotice[][] {
  const chains = new Map<string, ClaimedNotice[]>();

  for (const notice of notices) {
    chains.set(notice.address, [...(chains.get(notice.address) ?? []), notice]);
  }

  return [...chains.values()].map((chain) => chain.sort((left, right) => left.id - right.id));
}

/** Where one has to be tried again, those after it are put off: what holds it up is most often the same for all. */
async function sendInOrder(
  options: DeliveryOptions,
  { companyId, chain }: { companyId: number; chain: readonly ClaimedNotice[] },
  until: number,
): Promise<NoticeOutcome[]> {
  const outcomes: NoticeOutcome[] = [];
  let isHeldUp = false;

  for (const notice of chain) {
    isHeldUp ||= options.clock.now().getTime() > until;
    const result: NoticeResult = isHeldUp ? { kind: 'put_off' } : await send(options, companyId, notice);
    isHeldUp ||= result.kind === 'failed' && !result.isFinal;
    outcomes.push({ notice, result });
  }

  return outcomes;
}

async function readOf(database: Database, companyId: number, claims: NoticeClaim[]): Promise<OfCompany> {
  return { companyId, notices: await readClaimed(database.eachAlone(companyId), claims), outcomes: [] };
}

async function enter({ database, clock, logger }: DeliveryOptions, { companyId, outcomes }: OfCompany): Promise<void> {
  await enterNoticeResults(database.eachAlone(companyId), { outcomes, now: clock.now() });

  for (const outcome of outcomes.filter(({ result }) => result.kind === 'failed')) {
    const { id: noticeId, attempts } = outcome.notice;
    logger.warn(
      { companyId, noticeId, attempts },
      isGivenUp(outcome) ? 'a notice was given up' : 'a notice could not be sent; trying again',
    );
  }
}

async function send(
  { mail, links, installation, clock }: DeliveryOptions,
  companyId: number,
  notice: ClaimedNotice,
): Promise<NoticeResult> {
  const gateway = notice.isTest ? mail.testCustomers : mail.customers;

  if (gateway === null) {
    return {
      kind: 'skipped',
      reason: notice.isTest ? 'no mail catcher is configured' : 'no mail server is configured',
    };
  }
  const account = accountOf(links, companyId, notice);

  if (account?.endsAt != null && account.endsAt <= clock.now()) {
    return { kind: 'skipped', reason: 'its link has ended' };
  }
  const { kind, data, locale, timeZone, customerName, companyName } = notice;
  let rendered;

  try {
    const payLink = (invoiceId: number) => links.linkTo('pay', [companyId, invoiceId]);
    const reader = { locale, timeZone, customerName, companyName, payLink };
    rendered = renderNotice({ kind, data }, account === null ? reader : { ...reader, account });
  } catch (error) {
    return { kind: 'failed', isFinal: true, reason: error instanceof Error ? error.message : String(error) };
  }
  const outcome = await gateway.send({
    messageId: noticeMessageId(installation, notice.id),
    fromName: companyName,
    to: { name: customerName, address: notice.address },
    ...rendered,
  });

  return outcome.isAccepted ? { kind: 'sent' } : { kind: 'failed', isFinal: outcome.isFinal, reason: outcome.reason };
}

const Asked = z.object({ askedAt: z.iso.datetime() });

/** What a notice about an account leads to: the same link at every try. */
function accountOf(links: SignedLinks, companyId: number, { kind, user, data }: ClaimedNotice) {
  if (user === null) {
    return null;
  }
  const { id, email, isEmailVerified, passwordHash } = user;

  if (kind === 'password_reset' && passwordHash !== null) {
    const askedAt = Date.parse(Asked.parse(data).askedAt);
    const link = links.linkTo('reset-password', [companyId, id, askedAt], passwordBound({ email, passwordHash }));

    return { email, link, endsAt: new Date(askedAt + passwordLinkMs) };
  }
  const isToConfirm = !isEmailVerified && (kind === 'welcome' || kind === 'email_confirmation');

  return {
    email,
    link: isToConfirm ? links.linkTo('confirm-email', [companyId, id], emailBound({ email })) : null,
    endsAt: null,
  };
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
