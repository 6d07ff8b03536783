import fc from 'fast-check';

import { readConfig } from '../../platform/config';
import { initialSettings } from './initial-settings';
import { defaultSettings, resolveSettings, settingCatalogue, type SettingKey, settingKeys } from './setting-catalogue';
import { viewSettings } from './settings-view';

/** Values that differ from the default, for every key; the type says so when one is missing. */
const others: { [Key in SettingKey]: unknown } = {
  currency: 'USD',
  timeZone: 'Europe/Amsterdam',
  locale: 'en-GB',
  taxRatePpm: 80_000,
  taxBehavior: 'inclusive',
  discountTiming: 'before_tax',
  billingMode: 'freemium',
  intentReader: 'gemini',
  freeTier: false,
  addonEnabled: false,
  addonAlignTo: 'subscription',
  subscriptionEnabled: false,
  paymentMethods: ['cod'],
  orderPaymentWindowMinutes: 30,
  paymentExpiryMarginSeconds: 0,
  shopUrl: 'https://shop.example/vi',
  invoiceNumberPrefix: 'HD/2026-',
  invoiceNumbering: 'customer',
  creditNoteNumberPrefix: 'GC-',
  invoiceDueDays: 14,
  sellerName: 'Công ty Trà Hà Nội',
  sellerAddress: '1 Tràng Tiền, Hà Nội',
  sellerTaxCode: '0100109106',
  renewalLeadDays: 0,
  prorationConvention: 'by_second',
  fixedDaysOfMonth: 30,
  billingTiming: 'in_arrears',
  planChangeUpgrade: 'at_period_end',
  planChangeDowngrade: 'at_once',
  planChangeBilling: 'none',
  planChangeOtherCycle: 'keep_anchor_day',
  planChangeDayOfChange: 'old_plan',
  cancelCredit: 'prorate',
  zeroInvoices: true,
  pauseCredit: 'none',
  billingTime: 'calendar',
  firstInvoiceExpiryHours: 48,
  dunning: { mode: 'gaps', days: [8, 8, 8] },
  accessBeforeFirstPayment: true,
  dunningKeepsAccess: false,
  refundKeepsAccess: true,
  dunningEndAction: 'cancel',
  overdueStates: [{ name: 'debtor', afterDays: 30 }],
  usageThresholds: { VND: 500_000 },
  overdueThresholds: { VND: 10_000 },
  dunningCampaign: { maxAttempts: 2, daysBetween: 2 },
};

describe('setting catalogue', () => {
  it.each(settingKeys)('has for %s a default of its own type, a meaning, and takes another value', (key) => {
    const { type, meaning, default: initial } = settingCatalogue[key];

    expect(type.safeParse(initial).success).toBe(true);
    expect(type.safeParse(others[key])).toEqual({ success: true, data: others[key] });
    expect(meaning).toMatch(/^.{20,}\.$/);
  });

  it.each<[SettingKey, unknown]>([
    ['currency', 'vnd'],
    ['currency', 'XXY'],
    ['timeZone', '+07:00'],
    ['timeZone', 'Asia/Atlantis'],
    ['locale', 'not a locale'],
    ['taxRatePpm', 0.1],
    ['taxRatePpm', -1],
    ['taxRatePpm', 1_000_001],
    ['paymentMethods', []],
    ['paymentMethods', ['cod', 'cod']],
    ['paymentMethods', ['cheque']],
    ['invoiceNumberPrefix', 'a b'],
    ['sellerName', 'two\nlines'],
    ['sellerName', ''],
    ['dunning', { mode: 'offsets', days: [3, 1] }],
    ['dunning', { mode: 'offsets', days: [1, 1] }],
    ['dunning', { mode: 'gaps', days: [0] }],
    ['dunning', { mode: 'gaps', days: [1], extra: true }],
    ['billingMode', 'retail'],
  ])('refuses for %s the value %j', (key, value) => {
    expect(settingCatalogue[key].type.safeParse(value).success).toBe(false);
  });
});

describe('resolveSettings', () => {
  it('gives the defaults for a company that set nothing', () => {
    expect(resolveSettings({})).toEqual(defaultSettings);
    expect(resolveSettings(null)).toEqual(defaultSettings);
    expect(defaultSettings).toMatchObject({ currency: 'VND', taxRatePpm: 100_000, orderPaymentWindowMinutes: 15 });
  });

  it('lets exactly what is stored differ from the defaults, and passes unknown keys over', () => {
    fc.assert(
      fc.property(fc.subarray(settingKeys), (keys) => {
        const stored = Object.fromEntries(keys.map((key) => [key, others[key]]));

        expect(resolveSettings({ ...stored, ofAnotherVersion: 1 })).toEqual({ ...defaultSettings, ...stored });
      }),
    );
  });

  it('refuses a stored value that the catalogue does not allow, naming the key', () => {
    expect(() => resolveSettings({ taxRatePpm: '10%' })).toThrow('taxRatePpm');
    expect(() => resolveSettings([])).toThrow();
  });

  it('hands out defaults that nobody can change for others', () => {
    expect(Object.isFrozen(defaultSettings)).toBe(true);
  });
});

describe('initialSettings', () => {
  it('turns what the environment says into settings', () => {
    const config = readConfig({
      BILLING_MODE: 'freemium',
      TAX_RATE: '0.08',
      FREE_TIER: 'true',
      ADDON_ENABLED: 'false',
    });
    const initial = initialSettings(config);

    expect(initial).toEqual({ billingMode: 'freemium', taxRatePpm: 80_000, freeTier: true, addonEnabled: false });
    expect(resolveSettings(initial)).toMatchObject(initial);
  });

  it('keeps every rate in whole parts per million within what the catalogue allows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (ppm) => {
        const TAX_RATE = ppm === 1_000_000 ? '1' : `0.${String(ppm).padStart(6, '0')}`;

        expect(resolveSettings(initialSettings(readConfig({ TAX_RATE }))).taxRatePpm).toBe(ppm);
      }),
    );
  });
});

describe('viewSettings', () => {
  it('shows every setting once, and which the company set', () => {
    const { settings, values } = viewSettings({ taxRatePpm: 80_000 });

    expect(settings.map(({ key }) => key)).toEqual(settingKeys);
    expect(settings.filter(({ isDefault }) => !isDefault)).toEqual([
      expect.objectContaining({ key: 'taxRatePpm', value: 80_000, default: 100_000, unit: 'ppm' }),
    ]);
    expect(values).toEqual({ ...defaultSettings, taxRatePpm: 80_000 });
  });
});
