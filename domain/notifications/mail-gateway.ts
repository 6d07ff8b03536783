/** What bmms asks of whatever carries mail. `gateways/mail` implements it. */

export interface OutgoingMail {
  /** With its angle brackets; the same for every try. */
  messageId: string;
  /** Shown beside the sender's address. */
  fromName: string;
  to: { name: string; address: string };
  subject: string;
  text: string;
  html: string;
  language: string;
}

/** `isFinal`: trying again is of no use, such as when the address does not exist. `reason` is the server's own word. */
export type MailOutcome = { isAccepted: true } | { isAccepted: false; isFinal: boolean; reason: string };

export interface MailGateway {
  /** Hands one mail to the server. Never throws. */
  send(mail: OutgoingMail): Promise<MailOutcome>;
  close(): void;
}

/** Null: there is none, and the notices are marked as skipped. */
export interface MailRoutes {
  customers: MailGateway | null;
  /** For customers on a test clock: a catcher, never a real server (D26). */
  testCustomers: MailGateway | null;
}
