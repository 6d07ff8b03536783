import express, { type Request, type RequestHandler, type Response } from 'express';

import { AppError } from '../../../domain/errors';

const json = express.json({ limit: '1mb', strict: true, type: ['application/json', 'application/*+json'] });
const form = express.urlencoded({ limit: '100kb', extended: false });

/**
 * Reads a JSON body of at most 1 MB; no body is an empty object. Providers may also send a form.
 * @throws AppError unsupported_media_type; malformed JSON and size are errors of the parser, see map-error.ts.
 */
export async function readBody(request: Request, response: Response, from: 'client' | 'provider'): Promise<unknown> {
  if (!hasBody(request)) {
    return {};
  }
  const isJson = request.is(['application/json', 'application/*+json']) !== false;
  const isForm = from === 'provider' && request.is('application/x-www-form-urlencoded') !== false;

  if (!isJson && !isForm) {
    throw new AppError('unsupported_media_type');
  }
  await run(isJson ? json : form, request, response);

  return (request.body as unknown) ?? {};
}

function hasBody(request: Request): boolean {
  return request.get('Transfer-Encoding') !== undefined || Number(request.get('Content-Length') ?? 0) > 0;
}

function run(handler: RequestHandler, request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    void handler(request, response, (error?: unknown) => {
      if (error === undefined) {
        resolve();
      } else {
        reject(error instanceof Error ? error : new Error('The body cannot be read', { cause: error }));
      }
    });
  });
}
