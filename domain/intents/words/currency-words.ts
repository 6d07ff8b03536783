/** Signs and words for currencies, folded. To know another one, write it here; codes of ISO 4217 in capitals are known. */
export const currencySigns: Readonly<Record<string, string>> = {
  $: 'USD',
  '€': 'EUR',
  '£': 'GBP',
  '¥': 'JPY',
  '₫': 'VND',
  '₩': 'KRW',
  '฿': 'THB',
  '₹': 'INR',
  '₱': 'PHP',
};

/** Letters right before a $ that say whose dollars they are. */
export const dollarPrefixes: Readonly<Record<string, string>> = {
  us: 'USD',
  s: 'SGD',
  sg: 'SGD',
  a: 'AUD',
  au: 'AUD',
  c: 'CAD',
  ca: 'CAD',
  nz: 'NZD',
  hk: 'HKD',
  nt: 'TWD',
  r: 'BRL',
  mx: 'MXN',
};

/** Right before a number only, where they are no other words: Rp 50.000, Rs 499, RM20. */
export const currencyPrefixes: Readonly<Record<string, string>> = { rp: 'IDR', rs: 'INR', rm: 'MYR' };

export const currencyWords: Readonly<Record<string, string>> = {
  d: 'VND',
  dong: 'VND',
  vnd: 'VND',
  vn: 'VND',
  do: 'USD',
  usd: 'USD',
  dollar: 'USD',
  dollars: 'USD',
  bucks: 'USD',
  buck: 'USD',
  eur: 'EUR',
  euro: 'EUR',
  euros: 'EUR',
  gbp: 'GBP',
  quid: 'GBP',
  pound: 'GBP',
  pounds: 'GBP',
  rupee: 'INR',
  rupees: 'INR',
  baht: 'THB',
  won: 'KRW',
  yuan: 'CNY',
  rmb: 'CNY',
  franc: 'CHF',
  francs: 'CHF',
  ringgit: 'MYR',
  jpy: 'JPY',
  yen: 'JPY',
};

/** What may follow a currency's word without a meaning of its own: đô la, đô Mỹ, yên Nhật, đồng Việt Nam. */
export const currencyTails: readonly (readonly string[])[] = [['la', 'my'], ['la'], ['my'], ['nhat'], ['viet', 'nam']];
