import { randomBytes } from 'node:crypto';
import express, { type ErrorRequestHandler, type Express, type RequestHandler, type Response } from 'express';
import { ZodError } from 'zod';
import { fromVnpayDate } from '../../gateways/vnpay/vnpay-rules';
import { checkPayRequest } from './check-pay-request';
import { createControlApi, type ControlOptions } from './control-api';
import { answerMerchant } from './merchant-desk';
import { renderOverview } from './overview-page';
import { type PageLanguage } from './page-texts';
import { renderErrorPage, renderPayPage } from './pay-page';
import { BEHAVIOURS, type Behaviour } from './sandbox-types';

const PAY_PATH = '/paymentv2/vpcpay.html';

/** The HTTP side of the sandbox: pay page, querydr and refund, control. */
export function createSandboxApp(options: ControlOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(onlyLoopback);

  app.get('/', (_request, response) => {
    sendPage(response, 200, (nonce) =>
      renderOverview(options.book.transactions(), options.book.notifications(), nonce),
    );
  });
  app.get(PAY_PATH, showPayPage(options));
  app.post('/paymentv2/transactions/:key', express.urlencoded({ extended: false }), decidePayment(options));
  app.post('/merchant_webapi/api/transaction', express.text({ type: () => true }), answerMerchantRequest(options));
  app.use('/sandbox', createControlApi(options));
  app.use((_request, response) => {
    response.status(404).json({ error: 'The VNPay sandbox has no such page.' });
  });
  app.use(answerError);

  return app;
}

function showPayPage(options: ControlOptions): RequestHandler {
  return async (request, response) => {
    const { book, desk, now, tmnCode } = options;
    const check = checkPayRequest(request.query, options, now());
    const language = pageLanguage(request.query);
    const otherLanguageHref = withLanguage(request.originalUrl, language === 'vi' ? 'en' : 'vi');
    const transaction = check.isAccepted ? desk.open(check.request) : null;

    if (transaction === null) {
      const [code, field] = check.isAccepted ? (['94', 'vnp_TxnRef'] as const) : ([check.code, check.field] as const);
      sendPage(response, 400, (nonce) => renderErrorPage(code, field, { language, nonce, otherLanguageHref }));
      return;
    }
    const script = book.script(transaction.txnRef);

    if (transaction.result !== null || script !== undefined) {
      response.redirect(302, await desk.decide(transaction, script ?? 'pay'));
      return;
    }
    const leftMs = new Date(fromVnpayDate(transaction.expireDate) ?? 0).getTime() - now().getTime();
    sendPage(response, 200, (nonce) =>
      renderPayPage(transaction, tmnCode, leftMs, { language, nonce, otherLanguageHref }),
    );
  };
}

function decidePayment(options: ControlOptions): RequestHandler {
  return async (request, response) => {
    const transaction = options.book.transaction(String(request.params['key']));

    if (transaction === undefined) {
      response.status(404).json({ error: 'There is no such transaction.' });
      return;
    }
    // The page sends no action when its time ran out.
    const action: unknown = (request.body as { action?: unknown } | undefined)?.action ?? 'expire';

    if (!isBehaviour(action)) {
      response.status(422).json({ error: `The action is one of ${BEHAVIOURS.join(', ')}.` });
      return;
    }
    response.redirect(303, await options.desk.decide(transaction, action));
  };
}

function answerMerchantRequest(options: ControlOptions): RequestHandler {
  return (request, response) => {
    const fault = options.faults.take();

    if (fault === 'hang') {
      return;
    }
    if (fault === 'http_500') {
      response.status(500).send('Internal Server Error');
      return;
    }
    if (fault === 'not_json') {
      response.send('<html>maintenance</html>');
      return;
    }
    const answer = answerMerchant(options, parseJson(request.body), fault === 'code_99' ? '99' : undefined);

    if (fault === 'answer_lost') {
      response.destroy();
      return;
    }
    const { vnp_SecureHash: hash = '', ...unsigned } = answer;
    const spoiled = `${hash.startsWith('0') ? '1' : '0'}${hash.slice(1)}`;
    response.json(
      fault === 'no_hash' ? unsigned : { ...answer, vnp_SecureHash: fault === 'wrong_hash' ? spoiled : hash },
    );
  };
}

/** A name that points to this machine only by DNS is not answered: web pages elsewhere shall not press buttons here. */
const onlyLoopback: RequestHandler = (request, response, next) => {
  if (['localhost', '127.0.0.1', '[::1]'].includes(request.hostname)) {
    next();
    return;
  }
  response.status(421).json({ error: 'The VNPay sandbox answers on this machine only.' });
};

const answerError: ErrorRequestHandler = (error: unknown, _request, response, _next) => {
  if (error instanceof ZodError) {
    response.status(422).json({ error: 'The body is not valid.', issues: error.issues });
    return;
  }
  const status = (error as { status?: unknown } | null)?.status;
  response.status(typeof status === 'number' ? status : 500).json({ error: String(error) });
};

function sendPage(response: Response, status: number, render: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64');
  response
    .status(status)
    .set({
      'content-security-policy': `default-src 'none'; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'; img-src data:; base-uri 'none'; frame-ancestors 'none'`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .type('html')
    .send(render(nonce));
}

function pageLanguage(query: Readonly<Record<string, unknown>>): PageLanguage {
  const wanted = query['lang'] ?? query['vnp_Locale'];

  return wanted === 'en' ? 'en' : 'vi';
}

function withLanguage(path: string, language: PageLanguage): string {
  const url = new URL(path, 'http://localhost');
  url.searchParams.set('lang', language);

  return `${url.pathname}${url.search}`;
}

function parseJson(body: unknown): unknown {
  try {
    return JSON.parse(String(body));
  } catch {
    return null;
  }
}

function isBehaviour(action: unknown): action is Behaviour {
  return BEHAVIOURS.some((behaviour) => behaviour === action);
}
