import express, { type Router } from 'express';
import { z } from 'zod';
import { checkPayRequest } from './check-pay-request';
import { type FaultQueue, FAULTS } from './merchant-faults';
import { type Notifier } from './notifier';
import { type PaymentDesk } from './payment-desk';
import { type SandboxBook } from './sandbox-book';
import { BEHAVIOURS, type SandboxTransaction } from './sandbox-types';

export interface ControlOptions {
  book: SandboxBook;
  desk: PaymentDesk;
  notifier: Notifier;
  faults: FaultQueue;
  now: () => Date;
  tmnCode: string;
  hashSecret: string;
}

const behaviour = z.enum(BEHAVIOURS);
const twoDigits = z.string().regex(/^\d{2}$/);
const PayBody = z.strictObject({ paymentUrl: z.url(), behaviour: behaviour.default('pay') });
const ScriptBody = z.strictObject({ behaviour });
const NotifyBody = z.strictObject({
  times: z.int().min(1).max(100).default(1),
  responseCode: twoDigits.optional(),
  transactionStatus: twoDigits.optional(),
});
const AdvanceBody = z.strictObject({ ms: z.int().min(0) });
const FaultBody = z.strictObject({ fault: z.enum(FAULTS), times: z.int().min(1).max(100).default(1) });

/**
 * How tests drive the sandbox, under `/sandbox`: look at transactions, decide payments without a browser, script what
 * will happen, repeat notifications, move the clock, and break the querydr and refund interface.
 */
export function createControlApi(options: ControlOptions): Router {
  const { book, desk, notifier, faults } = options;
  const router = express.Router();
  router.use(express.json());

  router.get('/health', (_request, response) => {
    response.json({ status: 'ok', now: options.now().toISOString() });
  });

  router.get('/transactions', (_request, response) => {
    response.json({ data: book.transactions().map((transaction) => describeTransaction(book, transaction)) });
  });

  router.get('/transactions/:txnRef', (request, response) => {
    const transaction = book.latest(request.params.txnRef);

    if (transaction === undefined) {
      response.status(404).json({ error: 'There is no such transaction.' });
      return;
    }
    desk.expireIfLate(transaction);
    response.json(describeTransaction(book, transaction));
  });

  router.put('/scripts/:txnRef', (request, response) => {
    const script = ScriptBody.parse(request.body);
    book.commit({ type: 'scripted', txnRef: request.params.txnRef, behaviour: script.behaviour });
    response.status(204).end();
  });

  router.post('/pay', async (request, response) => {
    const body = PayBody.parse(request.body);
    const query = Object.fromEntries(new URL(body.paymentUrl).searchParams);
    const check = checkPayRequest(query, options, options.now());
    const transaction = check.isAccepted ? desk.open(check.request) : null;

    if (transaction === null) {
      response.status(422).json(check.isAccepted ? { code: '94' } : { code: check.code, field: check.field });
      return;
    }
    const returnUrl = await desk.decide(transaction, body.behaviour);
    response.json({ returnUrl, transaction: describeTransaction(book, transaction) });
  });

  router.post('/transactions/:txnRef/notify', async (request, response) => {
    const { times, responseCode = '00', transactionStatus = '00' } = NotifyBody.parse(request.body ?? {});
    const transaction = book.latest(request.params.txnRef);

    if (transaction?.result == null) {
      response.status(409).json({ error: 'There is no such transaction, or it is not decided.' });
      return;
    }
    const attempts = await desk.notifyAgain(transaction, times, { responseCode, transactionStatus });
    response.json({ answers: attempts.map(({ rspCode }) => rspCode) });
  });

  router.post('/advance', async (request, response) => {
    book.commit({ type: 'clock_moved', ms: AdvanceBody.parse(request.body).ms });
    await notifier.deliverDue();
    response.json({ now: options.now().toISOString() });
  });

  router.post('/faults', (request, response) => {
    const { fault, times } = FaultBody.parse(request.body);
    faults.add(fault, times);
    response.status(204).end();
  });

  return router;
}

function describeTransaction(book: SandboxBook, transaction: SandboxTransaction): object {
  const notifications = book.notifications().filter(({ key }) => key === transaction.key);
  const attempts = notifications.flatMap((notification) => notification.attempts);

  return {
    ...transaction,
    ipn: {
      sent: attempts.length,
      answers: attempts.map(({ rspCode }) => rspCode),
      problems: attempts.flatMap(({ problem }) => problem ?? []),
      pending: notifications.filter(({ dueAt }) => dueAt !== null).length,
    },
  };
}
