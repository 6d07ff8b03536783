import { BillingService } from '../../../domain/billing/pricing/billing-service';
import type { SoldLine } from '../../../domain/billing/pricing/billing-strategy';
import type { Adjustment } from '../../../domain/billing/pricing/pricer-rules';
import { openOrderWorld, type OrderWorld } from './order-world';

let world: OrderWorld;
let billingAccountId: number;

beforeAll(async () => {
  world = await openOrderWorld();
  const [account] = await world.query('SELECT id FROM finance.billing_accounts WHERE customer_id = $1', [
    world.customerId,
  ]);
  billingAccountId = account!['id'];
});

afterAll(() => world?.close());

/** Writes an invoice over 40,000 and 60,000 at 10 %, as a sale of the company would be billed. */
async function bill(adjustment: Adjustment<SoldLine>) {
  const { invoiceId } = await world.database.withTenantSql(world.company.id, (tx) =>
    new BillingService().createWithStrategy(
      tx,
      {
        dto: {
          billingAccountId,
          customerId: world.customerId,
          params: {
            currency: 'VND',
            taxRatePpm: 100_000,
            billingDate: '2026-05-04',
            items: [
              { quantity: 4, unitPrice: 10_000n },
              { quantity: 1, unitPrice: 60_000n },
            ],
            adjustments: [adjustment],
          },
          describe: () => ({}),
        },
        subject: `test/${adjustment.timing}`,
        now: world.now,
      },
      'retail',
    ),
  );
  const [invoice] = await world.query(
    'SELECT subtotal, tax, discount, total_amount, due_amount, status FROM finance.invoices WHERE id = $1',
    [invoiceId],
  );
  const lines = await world.query<{ tax: number; discount: number }>(
    'SELECT tax, discount FROM finance.invoice_lines WHERE invoice_id = $1 ORDER BY line_no',
    [invoiceId],
  );

  return { ...invoice, lines };
}

const quarter = { kind: 'percent', basis: 'on_total', ratePpm: 250_000 } as const;

describe('an invoice with a discount', () => {
  it('is subtotal + tax − discount: tax on the full subtotal, the discount after it', async () => {
    expect(await bill({ ...quarter, timing: 'after_tax' })).toEqual({
      status: 'draft',
      subtotal: 100_000,
      tax: 10_000,
      discount: 25_000,
      total_amount: 85_000,
      due_amount: 85_000,
      lines: [
        { tax: 4_000, discount: 10_000 },
        { tax: 6_000, discount: 15_000 },
      ],
    });
  });

  it('is taxed on what is left where the company takes the discount off before tax', async () => {
    expect(await bill({ ...quarter, timing: 'before_tax' })).toMatchObject({
      subtotal: 100_000,
      tax: 7_500,
      discount: 25_000,
      total_amount: 82_500,
      lines: [
        { tax: 3_000, discount: 10_000 },
        { tax: 4_500, discount: 15_000 },
      ],
    });
  });

  it('spreads a fixed amount over its lines to the last unit', async () => {
    const invoice = await bill({ kind: 'amount', amount: 3_333n, timing: 'after_tax' });

    expect(invoice).toMatchObject({ discount: 3_333, total_amount: 106_667 });
    expect(invoice.lines.map(({ discount }) => discount)).toEqual([1_333, 2_000]);
  });

  it.each([
    ['after_tax', { tax: 10_000, discount: 110_000 }],
    ['before_tax', { tax: 0, discount: 100_000 }],
  ] as const)('is never less than nothing: %s', async (timing, figures) => {
    expect(await bill({ kind: 'amount', amount: 5_000_000n, timing })).toMatchObject({
      subtotal: 100_000,
      total_amount: 0,
      due_amount: 0,
      ...figures,
    });
  });
});
