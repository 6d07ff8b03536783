import type { BillingParty } from '../account/billing-party';
import {
  creditOfLine,
  creditOfShare,
  creditsFrom,
  grantedBasis,
  requireNoDraft,
  withCredit,
} from '../credit-notes/credit-from';
import { type CreditedInvoice, type CreditNoteDraft, draftCreditNote, isOwed } from '../credit-notes/credit-note-rules';
import type { CreditableLine } from '../credit-notes/read-creditable-lines';
import type { CreditReason } from '../credit-notes/write-credit-note';
import {
  alreadyBilled,
  draftSubscriptionInvoice,
  hasNoLines,
  isKeptAsDraft,
  isLeftOut,
  issuedInvoice,
  type IssuedInvoice,
  settleFromBalance,
  type WantedInvoice,
} from '../invoices/draft-subscription-invoice';
import type { InvoiceDraft } from '../invoices/invoice-types';
import type { NumberedDraft } from '../invoices/number-draft';
import { chargeInFlight, creditAllOf, isUntouched } from '../invoices/reverse-invoice';
import { toSafeNumber } from '../../money/money-rules';
import type { Ratio } from '../../money/ratio-rules';
import type { LineBasis } from '../pricing/line-basis';
import { type AccountCredit, PaperCredit } from './paper-credit';

/** An invoice as it stands in a ledger; minor units. */
export interface LedgerInvoice extends CreditedInvoice {
  readonly invoiceId: number;
  /** Money received, less what was refunded. */
  readonly paidAmount: number;
  readonly creditedAmount: number;
  readonly balanceApplied: number;
  /** A saved method is being charged for it. */
  readonly isCharged: boolean;
}

/** A stretch of the guard against double billing that holds. Instants are epoch milliseconds. */
export interface LedgerRange {
  readonly rangeId: number;
  readonly item: string;
  readonly layer: number;
  readonly lineId: number;
  readonly range: { readonly startsAt: number; readonly endsAt: number };
  readonly granted: LineBasis | null;
}

/** What an account's books say of one subscription. */
export interface Ledger {
  readonly credit: AccountCredit;
  readonly invoices: Map<number, LedgerInvoice>;
  readonly lines: Map<number, CreditableLine>;
  ranges: LedgerRange[];
}

export interface IssuedOnPaper {
  draft: InvoiceDraft;
  /** null for a draft */
  dueDate: Date | null;
}
export type NoteOnPaper = CreditNoteDraft & { reason: CreditReason };

/** Ids on paper lie above all that the database gives, so that what comes later stands later in both. */
const firstPaperId = 2 ** 52;

/**
 * The books of a subscription on paper: the same documents, by the same rules, as `issue-subscription-invoice.ts`,
 * `credit-unused-service.ts`, `reverse-invoice.ts` and `move-service-end.ts` write, and nothing is written.
 */
export class PaperLedger {
  readonly issued: IssuedOnPaper[] = [];
  readonly notes: NoteOnPaper[] = [];
  /** What of a top-up was given up on paper, as a share of all that was bought; by its item. */
  private readonly returned = new Map<string, Ratio>();
  private lastId = firstPaperId;
  private readonly credit: PaperCredit;

  constructor(
    private readonly ledger: Ledger,
    private readonly party: BillingParty,
  ) {
    this.credit = new PaperCredit(ledger.credit);
  }

  /** Account credit that can be used at an instant, minor units. */
  balanceAt(now: Date): number {
    return this.credit.at(now.getTime());
  }

  /** @throws Error when there is no such invoice */
  invoice(invoiceId: number): LedgerInvoice {
    return found(this.ledger.invoices.get(invoiceId), `invoice ${invoiceId}`);
  }

  /** @throws AppError already_billed */
  async issue(wanted: WantedInvoice): Promise<IssuedInvoice | null> {
    if (hasNoLines(wanted)) {
      return null;
    }
    const invoiceId = this.nextId();
    const draft = await draftSubscriptionInvoice(invoiceId, wanted);

    if (isLeftOut(draft, wanted)) {
      return null;
    }
    wanted.lines.forEach(({ item, layer, service }) => this.assertUnbilled(item, layer, service));
    draft.lines.forEach((line, index) => {
      const lineId = this.nextId();
      this.ledger.lines.set(lineId, lineOnPaper(lineId, invoiceId, line));
      const guarded = wanted.lines[index];

      if (guarded !== undefined) {
        const { item, layer, service } = guarded;
        this.ledger.ranges.push({ rangeId: this.nextId(), item, layer, lineId, range: service, granted: null });
      }
    });
    this.credit.expire(wanted.now.getTime());
    const balance = wanted.uncollected === undefined ? this.balanceAt(wanted.now) : 0;
    const { balanceApplied, dueAmount, status: settled } = settleFromBalance(balance, draft);
    const { totalAmount } = draft;
    const status = isKeptAsDraft(draft, wanted) ? 'draft' : settled;
    this.credit.pay(invoiceId, balanceApplied);
    this.ledger.invoices.set(invoiceId, {
      invoiceId,
      status,
      totalAmount,
      dueAmount,
      balanceApplied,
      kept: balanceApplied,
      paidAmount: 0,
      creditedAmount: 0,
      takenBack: 0,
      isCharged: false,
    });
    this.issued.push({ draft, dueDate: status === 'draft' ? null : wanted.dueDate });

    return issuedInvoice(draft, status);
  }

  /** A draft becomes final; see `numberDraft`. */
  number(invoiceId: number, now: Date): NumberedDraft {
    const invoice = this.invoice(invoiceId);
    const { totalAmount } = invoice;
    this.credit.expire(now.getTime());
    const { balanceApplied, dueAmount, status } = settleFromBalance(this.balanceAt(now), { totalAmount });
    this.credit.pay(invoiceId, balanceApplied);
    this.ledger.invoices.set(invoiceId, { ...invoice, status, dueAmount, balanceApplied, kept: balanceApplied });
    const tax = this.linesOf(invoiceId).reduce((sum, { billed }) => sum + billed.tax, 0n);

    return { status, charge: { total: totalAmount, tax: toSafeNumber(tax) } };
  }

  /** Nobody is asked for it any more. */
  giveUp(invoiceId: number): void {
    this.ledger.invoices.set(invoiceId, { ...this.invoice(invoiceId), status: 'uncollectible' });
  }

  /** What is unused of an item from an instant on; the guard's ranges end there. @throws AppError collection_paused */
  creditUnused(item: string, from: number, reason: CreditReason): { invoiceId: number; isSettled: boolean }[] {
    const unused = this.rangesOf(item, from);
    requireNoDraft(unused);
    this.endRanges(unused, from);

    return [...new Set(unused.map(({ invoiceId }) => invoiceId))].flatMap((invoiceId) => {
      const ranges = unused.filter((range) => range.invoiceId === invoiceId);
      const lines = creditsFrom(ranges, { from, timeZone: this.party.timeZone });
      const note = this.note(invoiceId, lines, reason);

      return note === null ? [] : [{ invoiceId, isSettled: !isOwed(note) }];
    });
  }

  returnShare(item: string, share: Ratio): void {
    this.returned.set(item, share);
  }

  shareReturned(item: string): Ratio | undefined {
    return this.returned.get(item);
  }

  /** A share of what was bought once, 0 to 1; see `creditUnits`. @throws AppError collection_paused */
  creditUnits(item: string, share: Ratio, reason: CreditReason): { invoiceId: number; isSettled: boolean }[] {
    const lines = this.rangesOf(item, 0);
    requireNoDraft(lines);

    return lines.flatMap((line) => {
      const note = this.note(line.invoiceId, [creditOfLine(line, creditOfShare(line, share))], reason);

      return note === null ? [] : [{ invoiceId: line.invoiceId, isSettled: !isOwed(note) }];
    });
  }

  /** @throws AppError charge_in_flight */
  reverse(invoiceId: number, reason: CreditReason): void {
    const invoice = this.invoice(invoiceId);

    if (invoice.isCharged) {
      throw chargeInFlight();
    }
    this.release(invoiceId);

    if (invoice.status === 'void') {
      return;
    }

    if (isUntouched({ status: invoice.status, paid: invoice.paidAmount, credited: invoice.creditedAmount })) {
      this.credit.giveBack(invoiceId, invoice.balanceApplied);
      this.ledger.invoices.set(invoiceId, { ...invoice, status: 'void', dueAmount: 0, kept: 0 });
    } else {
      this.note(invoiceId, this.linesOf(invoiceId).map(creditAllOf), reason);
    }
  }

  /** What is paid for ends at another instant; see `moveServiceEnd`. */
  moveEnd({ item, at, from, to }: { item: string; at: number; from: number; to: number }): void {
    const moved = this.rangesOf(item, at).filter(({ range }) => range.endsAt === from);
    this.endRanges(moved, at);

    for (const one of at < to ? moved : []) {
      const range = { startsAt: at, endsAt: to };
      const granted = grantedBasis(one, range, this.party.timeZone);

      if (granted !== null) {
        const { layer, lineId } = one;
        this.ledger.ranges.push({ rangeId: this.nextId(), item, layer, lineId, range, granted });
      }
    }
  }

  /** A saved method is being charged for it from here on. */
  charge(invoiceId: number): void {
    this.ledger.invoices.set(invoiceId, { ...this.invoice(invoiceId), isCharged: true });
  }

  /** The ranges of an item that hold and end after an instant, with their lines. */
  rangesOf(item: string, from: number): (LedgerRange & CreditableLine & { isDraft: boolean })[] {
    return this.ledger.ranges
      .filter((one) => one.item === item && one.range.endsAt > from)
      .map((one) => ({ ...this.line(one.lineId), ...one }))
      .map((one) => ({ ...one, isDraft: this.ledger.invoices.get(one.invoiceId)?.status === 'draft' }))
      .sort((a, b) => a.invoiceId - b.invoiceId || a.lineId - b.lineId || a.rangeId - b.rangeId);
  }

  private note(
    invoiceId: number,
    lines: Parameters<typeof draftCreditNote>[1],
    reason: CreditReason,
  ): CreditNoteDraft | null {
    const invoice = this.invoice(invoiceId);
    const note = draftCreditNote(invoice, lines, 'balance');

    if (note === null) {
      return null;
    }
    this.notes.push({ ...note, reason });
    this.credit.giveBack(invoiceId, note.toBalance);
    this.ledger.invoices.set(invoiceId, {
      ...invoice,
      status: note.status,
      dueAmount: invoice.dueAmount - note.reducedDue,
      creditedAmount: invoice.creditedAmount + note.reducedDue,
      kept: invoice.kept - note.toBalance,
      takenBack: invoice.takenBack - note.totalAmount,
    });

    for (const { lineId, credit } of note.lines) {
      const line = this.line(lineId);
      const credited = withCredit(line.billed.credited, credit);
      this.ledger.lines.set(lineId, { ...line, billed: { ...line.billed, credited } });
    }

    if (note.status === 'void') {
      this.release(invoiceId);
    }

    return note;
  }

  private assertUnbilled(item: string, layer: number, { startsAt, endsAt }: LedgerRange['range']): void {
    const isBilled = this.ledger.ranges.some(
      (one) => one.item === item && one.layer === layer && startsAt < one.range.endsAt && one.range.startsAt < endsAt,
    );

    if (isBilled && startsAt < endsAt) {
      throw alreadyBilled();
    }
  }

  private endRanges(ended: readonly LedgerRange[], at: number): void {
    const ids = new Set(ended.map(({ rangeId }) => rangeId));
    this.ledger.ranges = this.ledger.ranges.flatMap((one) =>
      !ids.has(one.rangeId)
        ? [one]
        : one.range.startsAt >= at
          ? []
          : [{ ...one, range: { startsAt: one.range.startsAt, endsAt: at } }],
    );
  }

  private release(invoiceId: number): void {
    this.ledger.ranges = this.ledger.ranges.filter(({ lineId }) => this.line(lineId).invoiceId !== invoiceId);
  }

  private line(lineId: number): CreditableLine {
    return found(this.ledger.lines.get(lineId), `line ${lineId}`);
  }

  private linesOf(invoiceId: number): CreditableLine[] {
    return [...this.ledger.lines.values()].filter((line) => line.invoiceId === invoiceId);
  }

  /** Of a document, a line or a payment on paper. */
  nextId(): number {
    this.lastId += 1;

    return this.lastId;
  }
}

function found<Thing>(thing: Thing | undefined, name: string): Thing {
  if (thing === undefined) {
    throw new Error(`There is no ${name} in the ledger.`);
  }

  return thing;
}

function lineOnPaper(lineId: number, invoiceId: number, line: InvoiceDraft['lines'][number]): CreditableLine {
  const { description, unitAmount, quantity, subtotal, discount, tax, taxRatePpm, taxBehavior, basis = null } = line;

  return {
    lineId,
    invoiceId,
    description,
    price: unitAmount * quantity,
    basis,
    taxesLeft: null,
    billed: {
      lineId: String(lineId),
      amount: BigInt(subtotal),
      discount: BigInt(discount),
      tax: BigInt(tax),
      taxRatePpm,
      taxBehavior,
      discountTiming: basis?.discountTiming ?? 'after_tax',
      credited: { amount: 0n, discount: 0n, tax: 0n },
    },
  };
}
