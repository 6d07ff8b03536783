import { formatDecimal, ratio } from './ratio-rules';

/**
 * The currencies that can be billed in, by the decimal digits of their minor unit: the list of ISO 4217 as of 2026, with
 * the codes withdrawn of late that older books may hold. Hosts, `Intl` and providers have tables of their own that differ
 * from it and from one release to the next; this one alone says what a minor unit is.
 */
const CODES_BY_DIGITS: readonly (readonly [digits: number, codes: string])[] = [
  [0, 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'],
  [
    2,
    `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF CHW
     CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF
     IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV
     MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD
     SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XAD XCD XCG YER ZAR ZMW ZWG ZWL`,
  ],
  [3, 'BHD IQD JOD KWD LYD OMR TND'],
  [4, 'CLF UYW'],
];

const DIGITS_BY_CURRENCY: ReadonlyMap<string, number> = new Map(
  CODES_BY_DIGITS.flatMap(([digits, codes]) => codes.split(/\s+/).map((code) => [code, digits] as const)),
);

/** Whether a code in capitals names a currency that can be billed in. Metals and units of account cannot: no digits. */
export function isCurrency(code: string): boolean {
  return DIGITS_BY_CURRENCY.has(code);
}

/** Decimal digits of a currency's minor unit: VND 0, USD 2, HUF 2, KWD 3. An unknown code counts as 2. */
export function currencyDigits(currency: string): number {
  return DIGITS_BY_CURRENCY.get(currency.toUpperCase()) ?? 2;
}

/** Minor units that one major unit is, of a currency with so many digits. */
export function unitOf(digits: number): bigint {
  return 10n ** BigInt(digits);
}

/** Minor units as a plain decimal in major units: (1235, 'USD') → '12.35'. For machines; people read `formatMoney`. */
export function formatAmount(amount: bigint | number, currency: string): string {
  const digits = currencyDigits(currency);

  return formatDecimal(ratio(amount, unitOf(digits)), digits);
}

/**
 * Minor units as people read them where no locale is known, as in problems, logs and the details of workflows:
 * (1999, 'USD') → '19.99 USD', (299000, 'VND') → '299,000 VND'. No host's locale has a say, so that a replay writes the
 * same; mails and pages use `localized-money.ts`.
 */
export function formatMoney(amount: bigint | number, currency: string): string {
  const [whole = '', fraction] = formatAmount(amount, currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');

  return `${grouped}${fraction === undefined ? '' : `.${fraction}`} ${currency}`;
}
