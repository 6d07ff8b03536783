import { createTransport } from 'nodemailer';

import type { MailGateway, MailOutcome } from '../../domain/notifications/mail-gateway';

export interface MailServer {
  /** smtp:// (STARTTLS where the server offers it) or smtps://, with user and password if it wants them. */
  url: string;
  /** The sender's address. */
  from: string;
}

/** A server that takes longer is as good as away; the mail is tried again later. */
const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, dnsTimeout: 5_000, socketTimeout: 15_000 };

/** Mail by SMTP, over a few connections that are kept for a while. */
export function createMailGateway({ url, from }: MailServer): MailGateway {
  const transport = createTransport({
    ...timeouts,
    url,
    pool: true,
    maxConnections: 5,
    maxRequeues: 1,
    // What a mail holds is given here; nothing in it may make the mailer read files or addresses.
    disableFileAccess: true,
    disableUrlAccess: true,
  });

  return {
    async send(mail) {
      try {
        await transport.sendMail({
          messageId: mail.messageId,
          from: { name: mail.fromName, address: from },
          to: mail.to,
          subject: mail.subject,
          text: mail.text,
          html: mail.html,
          headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': mail.language },
        });

        return { isAccepted: true };
      } catch (error) {
        return refusalOf(error);
      }
    },
    close: () => transport.close(),
  };
}

/**
 * Final is only what the server says for good about this recipient or this mail. A refused login or sender is a matter of
 * configuration, which somebody will mend.
 */
function refusalOf(error: unknown): MailOutcome {
  const { code, command, permanent } = error as { code?: unknown; command?: unknown; permanent?: unknown };
  const isAboutMail = code === 'EMESSAGE' || (code === 'EENVELOPE' && command !== 'MAIL FROM');

  return {
    isAccepted: false,
    isFinal: permanent === true && isAboutMail,
    reason: error instanceof Error ? error.message : String(error),
  };
}
