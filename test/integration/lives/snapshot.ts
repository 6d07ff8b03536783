import type { Pool } from 'pg';

import type { HeldRow } from './held';

/** Rows of one life as they stand; instants are ISO 8601 with offset, amounts minor units. A life has a company of its own. */

export interface SubscriptionRow {
  id: number;
  plan_id: number;
  plan_name: string;
  amount: number;
  billing_cycle: string;
  quantity: number;
  status: string;
  trial_end: string | null;
  anchor_at: string | null;
  current_period_start: string | null;
  current_period_end: string | null;
  billing_timing: string;
  collection: string;
  payment_method: string | null;
  activated_at: string | null;
  /** A cancellation waits. */
  cancel_at_period_end: boolean;
  cancelled_at: string | null;
  cancellation_reason: string | null;
  paused_at: string | null;
  collection_paused_at: string | null;
  ends_at: string | null;
  ended_at: string | null;
  next_deadline_at: string | null;
  next_deadline: string | null;
  /** What waits for the next invoice; instants are epoch milliseconds. */
  waiting_changes: readonly { kind: string }[];
  invoice_roles: readonly { role: string; fallback?: { quantity: number } | null }[];
  pending_items: readonly {
    kind: 'charge' | 'credit';
    line?: { item: string; service: { startsAt: number; endsAt: number } };
  }[];
}

/** An add-on that was bought. */
export interface AddonRow {
  id: number;
  addon_id: number;
  addon_key: string;
  price: number;
  quantity: number;
  billing_period: string;
  /** Of its own periods, and when they are over; null: it goes on, or has not begun. */
  term_periods: number | null;
  term_ends_at: string | null;
  setup_fee: number;
  status: string;
  current_period_start: string | null;
  current_period_end: string | null;
  purchased_at: string;
  activated_at: string | null;
  ended_at: string | null;
  awaits_plan: boolean;
  tax_behavior: string;
  end_reason: string | null;
  /** Of a top-up: in each, and days until they expire; what was given up of all of them when it was removed with credit. */
  prepaid_units: number | null;
  prepaid_days: number | null;
  prepaid_returned: number | null;
}

export interface InvoiceRow {
  id: number;
  invoice_number: string | null;
  status: string;
  purpose: string;
  subtotal: number;
  tax: number;
  discount: number;
  total_amount: number;
  due_amount: number;
  paid_amount: number;
  balance_applied: number;
  credited_amount: number;
  /** Null for a draft. */
  due_date: string | null;
  period_start: string;
  period_end: string;
  created_at: string;
  voided_at: string | null;
}

export interface UsageOfLine {
  model: string;
  quantity: string;
  prepaidQuantity?: string;
  events: number;
  amount: number;
  billedBefore: number;
  isLate: boolean;
  isEarly?: boolean;
}

export interface LineRow {
  id: number;
  invoice_id: number;
  item: string;
  plan_id: number;
  quantity: number;
  unit_amount: number;
  tax_behavior: 'exclusive' | 'inclusive';
  subtotal: number;
  discount: number;
  tax: number;
  period_start: string;
  period_end: string;
  /** Of a line of usage. */
  usage: UsageOfLine | null;
  promotion_discounts: { promotionId: number; code: string; amount: number }[] | null;
}

/** A code that was applied, whatever became of it. */
export interface RedemptionRow {
  promotion_id: number;
  code: string;
}

/** A use that was counted. */
export interface UsageRow {
  occurred_at: string;
  recorded_at: string;
  properties: { value: number };
}

export interface PaymentRow {
  id: number;
  invoice_id: number;
  payment_method_id: number | null;
  method: string;
  status: string;
  amount: number;
  paid_amount: number;
  refunded_amount: number;
  paid_at: string | null;
  settled_at: string | null;
  reference: string;
  ask_at: string | null;
  expires_at: string | null;
}

export interface RefundRow {
  id: number;
  payment_id: number;
  amount: number;
  status: string;
}

export interface NoteRow {
  id: number;
  invoice_id: number;
  reason: string;
  subtotal: number;
  tax: number;
  total_amount: number;
  reduced_due: number;
  to_balance: number;
  created_at: string;
}

export interface NoteLineRow {
  credit_note_id: number;
  invoice_line_id: number;
  subtotal: number;
  discount: number;
  tax: number;
  period_start: string | null;
  period_end: string | null;
}

export interface EntryRow {
  id: number;
  kind: string;
  amount: number;
  balance_after: number;
  invoice_id: number | null;
  payment_id: number | null;
  created_at: string;
}

export interface GuardRow {
  /** 0 the price; above it what a dearer one comes to more. */
  layer: number;
  item: string;
  starts_at: string;
  ends_at: string;
  invoice_line_id: number;
  released_at: string | null;
}

export interface HistoryRow {
  action: string;
  previous_status: string | null;
  new_status: string;
  details: string | null;
  created_at: string;
}

export interface EventRow {
  type: string;
  payload: Record<string, unknown>;
  subject_seq: number;
  occurred_at: string;
}

/** Of a feature that the customer has got, lost, or has another amount of; null: nothing of it. */
export interface ToldEntitlementRow {
  type: string;
  payload: Record<'value' | 'previous', true | number | 'unlimited' | null> & { feature: string };
}

export interface NoticeRow {
  kind: string;
  data: Record<string, unknown>;
  created_at: string;
}

export interface RunRow {
  invoice_id: number;
  status: string;
  next_attempt_at: string | null;
  ends_at: string | null;
}

export interface ChargeRow {
  outcome: string;
  amount: number;
  refunded_amount: number;
}

export interface Snapshot {
  now: string;
  subscription: SubscriptionRow;
  addons: AddonRow[];
  totalSpent: number;
  balance: number;
  invoices: InvoiceRow[];
  lines: LineRow[];
  payments: PaymentRow[];
  refunds: RefundRow[];
  notes: NoteRow[];
  noteLines: NoteLineRow[];
  entries: EntryRow[];
  guards: GuardRow[];
  history: HistoryRow[];
  events: EventRow[];
  notices: NoticeRow[];
  runs: RunRow[];
  charges: ChargeRow[];
  redemptions: RedemptionRow[];
  usage: UsageRow[];
  /** Numbers given so far, of invoices and of credit notes. */
  counters: { series: string; last_number: number }[];
  toldEntitlements: ToldEntitlementRow[];
  held: HeldRow[];
}

const list = (rows: string) => `(SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') FROM (${rows}) x)`;
const all = (table: string, order = 'id') => list(`SELECT * FROM ${table} WHERE company_id = $1 ORDER BY ${order}`);

const query = `SELECT jsonb_build_object(
  'now', (SELECT now FROM ordering.test_clocks WHERE company_id = $1),
  'subscription', (SELECT to_jsonb(s) - 'updated_at' || jsonb_build_object('cancel_at_period_end', s.waiting_changes @> '[{"kind": "cancel"}]')
                     FROM ordering.subscriptions s WHERE company_id = $1),
  'addons', ${list('SELECT * FROM ordering.user_addons WHERE company_id = $1 ORDER BY id').replace('to_jsonb(x)', "to_jsonb(x) - 'updated_at'")},
  'totalSpent', (SELECT total_spent FROM customer.customers WHERE company_id = $1),
  'balance', (SELECT balance FROM finance.billing_accounts WHERE company_id = $1),
  'invoices', ${list('SELECT * FROM finance.invoices WHERE company_id = $1 ORDER BY id').replace('to_jsonb(x)', "to_jsonb(x) - 'snapshot' - 'updated_at'")},
  'lines', ${all('finance.invoice_lines')},
  'payments', ${list('SELECT * FROM finance.payments WHERE company_id = $1 ORDER BY id').replace('to_jsonb(x)', "to_jsonb(x) - 'updated_at'")},
  'refunds', ${all('finance.refunds')},
  'notes', ${all('finance.credit_notes')},
  'noteLines', ${all('finance.credit_note_lines')},
  'entries', ${all('finance.balance_entries')},
  'guards', ${list('SELECT item, layer, lower(service) AS starts_at, upper(service) AS ends_at, invoice_line_id, released_at FROM finance.billed_service WHERE company_id = $1 ORDER BY id')},
  'history', ${all('ordering.subscription_history')},
  'events', ${list(`SELECT type, payload, subject_seq, occurred_at FROM platform.events WHERE company_id = $1 AND subject LIKE 'subscription/%' ORDER BY subject_seq`)},
  'toldEntitlements', ${list(`SELECT type, payload FROM platform.events WHERE company_id = $1 AND type LIKE 'entitlement.%' AND type NOT LIKE 'entitlement.override.%' ORDER BY subject_seq`)},
  'notices', ${list('SELECT kind, data, created_at FROM platform.notices WHERE company_id = $1 ORDER BY id')},
  'runs', ${all('finance.dunning_runs')},
  'charges', ${list(`SELECT c.* FROM sandbox.card_charges c WHERE c.idempotency_key IN (
      SELECT 'lives:invoice/' || p.invoice_id || ':try-' || p.attempt FROM finance.payments p WHERE p.company_id = $1) ORDER BY c.created_at, c.idempotency_key`)},
  'redemptions', ${list('SELECT r.promotion_id, c.code FROM product.promotion_redemptions r JOIN product.promotion_codes c ON c.id = r.promotion_code_id WHERE r.company_id = $1 ORDER BY r.id')},
  'usage', ${all('usage.events', 'occurred_at, event_id')},
  'counters', ${list('SELECT series, last_number FROM finance.invoice_counters WHERE company_id = $1 ORDER BY series')}
) AS snapshot`;

/** Everything that is known of the one subscription of a company, but for what its customer may use. */
export async function takeSnapshot(owner: Pool, companyId: number): Promise<Omit<Snapshot, 'held'>> {
  const { rows } = await owner.query<{ snapshot: Omit<Snapshot, 'held'> }>({
    name: 'snapshot',
    text: query,
    values: [companyId],
  });
  const snapshot = rows[0]?.snapshot;

  if (snapshot === undefined) {
    throw new Error(`Company ${companyId} has no life.`);
  }

  return snapshot;
}

export const at = (instant: string): number => Date.parse(instant);

export const sum = <Item>(items: readonly Item[], amount: (item: Item) => number): number =>
  items.reduce((total, item) => total + amount(item), 0);

/** Whether an invoice bills the plan, alone or with add-ons. */
export const isOfPlan = ({ lines }: Pick<Snapshot, 'lines'>, invoiceId: number): boolean =>
  lines.some((line) => line.invoice_id === invoiceId && line.item === 'plan');
