import { buffer } from 'node:stream/consumers';

import PostalMime from 'postal-mime';
import { SMTPServer } from 'smtp-server';

import type { MailStore } from './mail-store';

/** More than any notice has; what is larger is refused as a real server would. */
const mostBytes = 1_048_576;

/** An SMTP server that takes every mail from everybody and keeps it. Nothing goes any further. */
export function createSmtpCatcher({ store, now }: { store: MailStore; now: () => Date }): SMTPServer {
  return new SMTPServer({
    banner: 'bmms mail sandbox: nothing is delivered',
    disabledCommands: ['STARTTLS'],
    authOptional: true,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    closeTimeout: 500,
    size: mostBytes,
    onAuth: (auth, _session, done) => done(null, { user: auth.username ?? 'anybody' }),
    onData(stream, session, done) {
      buffer(stream)
        .then(async (source) => {
          if (stream.sizeExceeded) {
            throw Object.assign(new Error('This mail is too large'), { responseCode: 552 });
          }
          const mail = await PostalMime.parse(source);
          const { mailFrom, rcptTo } = session.envelope;
          store.add({
            receivedAt: now().toISOString(),
            messageId: mail.messageId ?? null,
            from: mailFrom === false ? '' : (mailFrom?.address ?? ''),
            to: rcptTo.map(({ address }) => address),
            subject: mail.subject ?? '',
            text: mail.text ?? '',
            html: mail.html ?? null,
          });
          done();
        })
        .catch((error: unknown) => done(error instanceof Error ? error : new Error(String(error))));
    },
  });
}
