import { type AddonWorld, openAddonWorld } from './addon-world';

/** 10:00 in Ho Chi Minh City. */
const start = new Date('2025-03-10T03:00:00Z');

let shop: AddonWorld;

beforeAll(async () => {
  shop = await openAddonWorld(start);
});
afterAll(() => shop?.world.close());

const linesOf = (invoice: { lines: { description: string; subtotal: number }[] } | undefined) =>
  invoice?.lines.map(({ description, subtotal }) => `${description} ${subtotal}`);

describe('a free tier (S234, S237–S240, S394)', () => {
  it('is signed up for without an invoice or a deadline', async () => {
    const lan = await shop.subscribe();
    const [row] = await shop.world.rows<Record<string, unknown>>(
      'SELECT is_free_tier, status, next_deadline FROM ordering.subscriptions WHERE id = $1',
      [lan.subscriptionId],
    );

    expect(row).toEqual({ is_free_tier: true, status: 'active', next_deadline: null });
    expect(await shop.invoices(lan)).toEqual([]);
    expect(await shop.features(lan)).toEqual(['base']);
  });

  it('buys Extra Storage and AI Assistant for 165,000 on one invoice, which unlocks both', async () => {
    const lan = await shop.subscribe();
    const command = { type: 'add_addons' as const, addonIds: [shop.addons.storage], addonKeys: ['ai'], quantity: 1 };

    expect(await shop.preview(lan, command)).toEqual({ dueAmount: 165_000, totals: [165_000] });
    expect(await shop.ask(lan, command)).toBeNull();

    const [invoice, ...others] = await shop.invoices(lan);
    expect(others).toEqual([]);
    expect(invoice).toMatchObject({ purpose: 'addon', status: 'paid', total: 165_000 });
    expect(invoice?.metadata).toMatchObject({
      businessModel: 'freemium',
      billingMode: 'addon_only',
      addonCharges: [50_000, 100_000],
      nextBillingDate: '2025-04-10',
    });
    expect(await shop.bought(lan)).toEqual([
      { key: 'storage', status: 'active', quantity: 1, next: '2025-04-10', expires: null, reason: null },
      { key: 'ai', status: 'active', quantity: 1, next: '2025-04-10', expires: null, reason: null },
    ]);
    expect(await shop.features(lan)).toEqual(['ai_assistant', 'base', 'extra_storage']);
    expect(await shop.events(lan, 'addon.%')).toEqual([
      'addon.purchased',
      'addon.purchased',
      'addon.activated',
      'addon.activated',
    ]);
  });

  it('renews what is due on one day on one invoice, and the rest on its own', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage', 'ai');
    await shop.advance(lan, 5.25);
    await shop.buy(lan, 'backup');
    await shop.advance(lan, 60);
    const invoices = await shop.invoices(lan);

    expect(invoices.map(({ purpose, total, status }) => `${purpose} ${total} ${status}`)).toEqual([
      'addon 165000 paid',
      'addon 660000 paid',
      'renewal 165000 paid',
      'renewal 165000 paid',
    ]);
    expect(invoices[3]?.lines).toMatchObject([
      { description: 'Extra Storage', from: '2025-05-10T10:00:00', to: '2025-06-10T10:00:00' },
      { description: 'AI Assistant', from: '2025-05-10T10:00:00', to: '2025-06-10T10:00:00' },
    ]);
  });

  it('changes periods at its own hour, whenever an add-on was bought', async () => {
    const lan = await shop.subscribe();
    await shop.advance(lan, 0.25);
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 0.1);
    await shop.buy(lan, 'ai');
    await shop.advance(lan, 31);
    const invoices = await shop.invoices(lan);

    expect(invoices.map(linesOf)).toEqual([
      ['Extra Storage 50000'],
      ['AI Assistant 100000'],
      ['Extra Storage 50000', 'AI Assistant 100000'],
    ]);
    expect(invoices[0]?.lines[0]).toMatchObject({ from: '2025-03-10T16:00:00', to: '2025-04-10T10:00:00' });
  });

  it('bills an add-on that is bought once, once', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'setup');
    await shop.advance(lan, 100);

    expect((await shop.invoices(lan)).map(({ total }) => total)).toEqual([33_000]);
    expect(await shop.bought(lan)).toMatchObject([{ key: 'setup', status: 'active', next: null }]);
  });
});

describe('what is not paid', () => {
  it('unlocks nothing, and is void after a day; the free tier goes on', async () => {
    const lan = await shop.subscribe({ token: 'tok_declined' });
    await shop.buy(lan, 'storage', 'ai');

    expect(await shop.features(lan)).toEqual(['base']);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'pending' }, { status: 'pending' }]);

    await shop.advance(lan, 1.1);

    expect((await shop.invoices(lan)).map(({ status }) => status)).toEqual(['void']);
    expect(await shop.bought(lan)).toMatchObject([
      { status: 'expired', reason: 'not paid' },
      { status: 'expired', reason: 'not paid' },
    ]);
    expect(await shop.status(lan)).toBe('active');
    expect(await shop.events(lan, 'addon.expired')).toHaveLength(2);
  });

  it('ends the add-ons of the renewal after its tries, not the free tier', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 10);
    await shop.buy(lan, 'ai');
    await shop.payWith(lan, 'tok_declined');
    await shop.advance(lan, 22);

    expect(await shop.status(lan)).toBe('active');
    expect(await shop.features(lan)).toEqual(['ai_assistant', 'base', 'extra_storage']);

    await shop.advance(lan, 7);

    expect((await shop.invoices(lan)).map(({ status }) => status)).toEqual(['paid', 'paid', 'uncollectible', 'open']);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'expired' }, { status: 'active' }]);
    expect(await shop.status(lan)).toBe('active');

    await shop.payWith(lan, 'tok_ok');
    await shop.advance(lan, 2);

    expect((await shop.invoices(lan)).at(-1)).toMatchObject({ status: 'paid', total: 110_000 });
    expect(await shop.features(lan)).toEqual(['ai_assistant', 'base']);
  });
});

describe('removed', () => {
  it('at its end it is paid for no more, and a purchase before that takes it back at no cost', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage', 'ai');
    const remove = { type: 'remove_addon' as const, addonId: shop.addons.storage, atPeriodEnd: true };
    expect(await shop.ask(lan, remove)).toBeNull();
    expect(await shop.bought(lan)).toMatchObject([
      { key: 'storage', status: 'active', next: null, expires: new Date('2025-04-10T03:00:00Z') },
      { key: 'ai', next: '2025-04-10' },
    ]);
    expect(await shop.buy(lan, 'storage')).toBeNull();
    expect(await shop.invoices(lan)).toHaveLength(1);

    // Within the lead of the renewal, so that its invoice is issued with both and again without one.
    await shop.advance(lan, 29);
    expect(await shop.ask(lan, remove)).toBeNull();
    await shop.advance(lan, 5);

    expect((await shop.invoices(lan)).map(({ status, total }) => `${status} ${total}`)).toEqual([
      'paid 165000',
      'void 165000',
      'paid 110000',
    ]);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'removed', reason: 'at the end of its period' }, {}]);
    expect(await shop.features(lan)).toEqual(['ai_assistant', 'base']);
  });

  it.each([
    ['none', 0],
    // 21 of 31 days of 50,000, and the tax of it.
    ['prorate', 37_258],
  ] as const)('at once, with unused days credited as the company has it (%s)', async (cancelCredit, credited) => {
    await shop.set({ cancelCredit });
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 10);
    await shop.ask(lan, { type: 'remove_addon', addonId: shop.addons.storage, atPeriodEnd: false });
    await shop.set({ cancelCredit: 'none' });

    expect(await shop.balance(lan)).toBe(credited);
    expect(await shop.features(lan)).toEqual(['base']);
    expect(await shop.buy(lan, 'storage')).toBeNull();
  });

  it('before it is paid, its invoice is issued again for what was bought with it', async () => {
    const lan = await shop.subscribe({ token: 'tok_declined' });
    await shop.buy(lan, 'storage', 'ai');
    await shop.ask(lan, { type: 'remove_addon', addonId: shop.addons.ai, atPeriodEnd: true });

    expect((await shop.invoices(lan)).map(({ status, total }) => `${status} ${total}`)).toEqual([
      'void 165000',
      'open 55000',
    ]);
    expect(await shop.bought(lan)).toMatchObject([{ status: 'pending' }, { status: 'removed' }]);
  });
});

describe('beside a plan that is paid', () => {
  it('is due with the plan on one invoice, and goes on when a free tier is left', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');
    await shop.ask(lan, {
      type: 'change_plan',
      newPlanId: shop.paid,
      quantity: null,
      immediate: true,
      prorationDate: null,
    });

    expect(await shop.features(lan)).toEqual(['extra_storage', 'pro']);

    await shop.advance(lan, 31);
    const invoices = await shop.invoices(lan);

    expect(invoices.map(linesOf)).toEqual([
      ['Extra Storage 50000'],
      ['Pro 200000'],
      ['Pro 200000', 'Extra Storage 50000'],
    ]);
    expect(invoices[2]).toMatchObject({ status: 'paid', total: 275_000 });
    expect(invoices[2]?.metadata).toMatchObject({ billingMode: 'recurring', addonCharges: [50_000] });
  });

  it('ends at once with its subscription, and at the end of the period with the period of the plan', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.advance(lan, 20);
    await shop.buy(lan, 'storage');
    await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true });
    await shop.advance(lan, 12);

    expect(await shop.status(lan)).toBe('expired');
    expect(await shop.bought(lan)).toMatchObject([{ status: 'expired', reason: 'with the subscription' }]);
    expect(await shop.features(lan)).toEqual([]);
  });

  it('may follow the periods of the plan: a share of the month first, then one invoice', async () => {
    await shop.set({ addonAlignTo: 'subscription' });
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.advance(lan, 10);
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 22);
    await shop.set({ addonAlignTo: 'own' });

    expect((await shop.invoices(lan)).map(linesOf)).toEqual([
      ['Pro 200000'],
      // 21 of 31 days.
      ['Extra Storage 33871'],
      ['Pro 200000', 'Extra Storage 50000'],
    ]);
  });

  it('is paused and resumed with it: unused days are credited, and the rest of both is billed on one invoice', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 10);
    await shop.ask(lan, { type: 'pause', reason: null, atPeriodEnd: false });

    expect(await shop.features(lan)).toEqual([]);
    // 21 of 31 days of 250,000, line by line, with tax: 135,484 + 13,548 + 33,871 + 3,387.
    expect(await shop.balance(lan)).toBe(186_290);

    await shop.advance(lan, 10);
    await shop.ask(lan, { type: 'resume' });

    expect((await shop.invoices(lan)).at(-1)).toMatchObject({
      purpose: 'resume',
      status: 'paid',
      // 11 of 31 days.
      lines: [{ subtotal: 70_968 }, { subtotal: 17_742 }],
    });
    expect(await shop.features(lan)).toEqual(['extra_storage', 'pro']);
  });
});

describe('how many there are', () => {
  it('changes at once and prorated when it is more, with the next period when it is less', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 10);
    const change = (quantity: number) => ({
      type: 'change_addon' as const,
      addonId: shop.addons.storage,
      quantity,
      immediate: null,
    });
    // 21 of 31 days of 50,000 go back, of 150,000 are billed; with tax.
    expect(await shop.preview(lan, change(3))).toEqual({ dueAmount: 74_516, totals: [111_774] });
    expect(await shop.ask(lan, change(3))).toBeNull();
    expect(await shop.bought(lan)).toMatchObject([{ quantity: 3 }]);
    expect(await shop.ask(lan, change(2))).toBeNull();
    expect(await shop.bought(lan)).toMatchObject([{ quantity: 3 }]);
    await shop.advance(lan, 22);

    expect((await shop.invoices(lan)).map(linesOf)).toEqual([
      ['Extra Storage 50000'],
      ['Extra Storage 101613'],
      ['Extra Storage 100000'],
    ]);
    expect(await shop.bought(lan)).toMatchObject([{ quantity: 2 }]);
  });
});

describe('what a plan gives', () => {
  it('begins with its first payment, and where it is billed in arrears with its start', async () => {
    const lan = await shop.subscribe({ plan: 'paid', token: 'tok_declined' });
    expect(await shop.features(lan)).toEqual([]);
    await shop.set({ billingTiming: 'in_arrears' });
    const mai = await shop.subscribe({ plan: 'paid', token: 'tok_declined' });
    await shop.buy(mai, 'storage');
    await shop.set({ billingTiming: 'in_advance' });

    expect(await shop.invoices(mai)).toEqual([]);
    expect(await shop.features(mai)).toEqual(['extra_storage', 'pro']);
    await shop.advance(mai, 31);
    expect((await shop.invoices(mai)).map(linesOf)).toEqual([['Pro 200000', 'Extra Storage 50000']]);
  });

  it('stays what the free tier gives while an upgrade is not paid for', async () => {
    const lan = await shop.subscribe({ token: 'tok_declined' });
    await shop.ask(lan, {
      type: 'change_plan',
      newPlanId: shop.paid,
      quantity: null,
      immediate: true,
      prorationDate: null,
    });
    expect(await shop.features(lan)).toEqual(['base']);
    await shop.advance(lan, 2);
    expect(await shop.features(lan)).toEqual(['base']);
  });

  it('goes on to the instant for which it was cancelled, also before the step of that instant has run', async () => {
    const lan = await shop.subscribe({ plan: 'paid' });
    await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true });
    expect(await shop.features(lan)).toEqual(['pro']);
    await shop.world.rows('UPDATE ordering.test_clocks SET now = $2 WHERE id = $1', [
      lan.clockId,
      new Date('2025-04-10T03:00:00Z'),
    ]);

    expect(await shop.features(lan)).toEqual([]);
  });
});

describe('a free tier that is cancelled', () => {
  it('ends with the period of its last add-on', async () => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');
    await shop.advance(lan, 10);
    await shop.buy(lan, 'ai');
    await shop.ask(lan, { type: 'cancel', reason: null, cancelAtPeriodEnd: true });
    await shop.advance(lan, 22);

    expect(await shop.status(lan)).toBe('active');
    expect(await shop.features(lan)).toEqual(['ai_assistant', 'base']);
    expect(await shop.buy(lan, 'setup')).toBe('subscription_state');

    await shop.advance(lan, 10);

    expect(await shop.status(lan)).toBe('expired');
    expect(await shop.bought(lan)).toMatchObject([{ status: 'removed' }, { status: 'removed' }]);
    expect(await shop.invoices(lan)).toHaveLength(2);
  });
});

describe('what is refused, and changes nothing', () => {
  it.each([
    ['an add-on that does not exist', { addonIds: [999_999], addonKeys: [] }, 'addon_not_found'],
    ['one that is named twice', { addonIds: [], addonKeys: ['ai', 'ai'] }, 'validation_failed'],
    ['one that it has', { addonIds: [], addonKeys: ['storage'] }, 'addon_owned'],
    ['none', { addonIds: [], addonKeys: [] }, 'validation_failed'],
  ])('%s', async (_name, named, code) => {
    const lan = await shop.subscribe();
    await shop.buy(lan, 'storage');

    expect(await shop.ask(lan, { type: 'add_addons', ...named, quantity: 1 })).toBe(code);
    expect(await shop.bought(lan)).toHaveLength(1);
    expect(await shop.invoices(lan)).toHaveLength(1);
  });

  it('a company that sells none', async () => {
    const lan = await shop.subscribe();
    await shop.set({ addonEnabled: false });
    const refused = await shop.buy(lan, 'storage');
    await shop.set({ addonEnabled: true });

    expect(refused).toBe('model_not_accepting');
    expect(await shop.ask(lan, { type: 'remove_addon', addonId: shop.addons.ai, atPeriodEnd: true })).toBe('not_found');
  });
});
