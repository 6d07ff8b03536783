import { randomBytes } from 'node:crypto';

import express, { type Express, type RequestHandler, type Response } from 'express';

import { renderMail, renderMailList } from './mail-pages';
import type { CaughtMail, MailStore } from './mail-store';

/**
 * The HTTP side of the mail sandbox: `/` and `/mail/:id` for people; `GET /messages?to=`, `GET /messages/:id` and
 * `DELETE /messages` for tests.
 */
export function createMailApp(store: MailStore): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(onlyLoopback);

  app.get('/', (request, response) => {
    const to = textOf(request.query['to']);
    sendPage(response, (nonce) => renderMailList(store.list(to), { to, nonce }));
  });
  app.get('/mail/:id', (request, response) => {
    withMail(store, request.params.id, response, (mail) => sendPage(response, (nonce) => renderMail(mail, nonce)));
  });
  app.get('/mail/:id/html', (request, response) => {
    withMail(store, request.params.id, response, (mail) => sendFrame(response, mail.html ?? ''));
  });
  app.get('/messages', (request, response) => {
    response.json({ data: store.list(textOf(request.query['to'])) });
  });
  app.get('/messages/:id', (request, response) => {
    withMail(store, request.params.id, response, (mail) => response.json(mail));
  });
  app.delete('/messages', (_request, response) => {
    store.clear();
    response.status(204).end();
  });
  app.use((_request, response) => {
    response.status(404).json({ error: 'The mail sandbox has no such page.' });
  });

  return app;
}

/** A name that points to this machine only by DNS is not answered: web pages elsewhere shall not read mail here. */
const onlyLoopback: RequestHandler = (request, response, next) => {
  if (['localhost', '127.0.0.1', '[::1]'].includes(request.hostname)) {
    next();
    return;
  }
  response.status(421).json({ error: 'The mail sandbox answers on this machine only.' });
};

function withMail(store: MailStore, id: string, response: Response, show: (mail: CaughtMail) => void): void {
  const mail = store.find(Number(id));

  if (mail === undefined) {
    response.status(404).json({ error: 'There is no such mail, or it is no longer kept.' });
    return;
  }
  show(mail);
}

function sendPage(response: Response, render: (nonce: string) => string): void {
  const nonce = randomBytes(16).toString('base64');
  send(
    response,
    `default-src 'none'; style-src 'nonce-${nonce}'; img-src data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'`,
    render(nonce),
  );
}

/** A mail is somebody else's text: no script, nothing from elsewhere, no origin; its links open outside the frame. */
function sendFrame(response: Response, html: string): void {
  send(
    response,
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; base-uri 'none'; frame-ancestors 'self'; " +
      'sandbox allow-popups allow-popups-to-escape-sandbox',
    html.replace(/<head>/i, '<head><base target="_blank">'),
  );
}

function send(response: Response, policy: string, html: string): void {
  response
    .set({
      'content-security-policy': policy,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .type('html')
    .send(html);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
