import { randomUUID } from 'node:crypto';
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

import { AppError, type ErrorCode } from '../../../domain/errors';
import { problemMediaType, toProblem } from './problem';

/** What Node's parser says of a request that never becomes one; everything else it says is `malformed_request`. */
const codes: Readonly<Record<string, ErrorCode>> = {
  HPE_HEADER_OVERFLOW: 'request_headers_too_large',
  HPE_CHUNK_EXTENSIONS_OVERFLOW: 'payload_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** A client that goes on sending has this long to read its answer. */
const lingerMs = 1_000;

/** Has a server answer what is too long, too slow or no HTTP with a problem document, where Node's own answer is empty. */
export function answerBrokenRequests(server: Server): Server {
  return server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (socket.writableEnded) {
      return;
    }
    if (error.code === 'ECONNRESET' || !socket.writable || isAnswering(socket)) {
      socket.destroy();

      return;
    }
    const requestId = randomUUID();
    const problem = new AppError(codes[error.code ?? ''] ?? 'malformed_request');
    const body = JSON.stringify(toProblem(problem, requestId));

    socket.end(
      [
        `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
        `Content-Type: ${problemMediaType}`,
        `Content-Length: ${Buffer.byteLength(body)}`,
        `X-Request-Id: ${requestId}`,
        'Connection: close',
        '',
        body,
      ].join('\r\n'),
    );
    setTimeout(() => socket.destroy(), lingerMs).unref();
  });
}

/** Part of an earlier answer is on its way, and the rest is still to come. (Node's own handler asks in the same way.) */
function isAnswering(socket: Socket): boolean {
  const { _httpMessage: message } = socket as Socket & {
    _httpMessage?: { headersSent: boolean; writableEnded: boolean } | null;
  };

  return message?.headersSent === true && !message.writableEnded;
}
