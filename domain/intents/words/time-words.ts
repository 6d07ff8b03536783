export type TimeUnit = 'hour' | 'day' | 'week' | 'month' | 'quarter' | 'year' | 'period';

/** A stretch of time; half a year is six months. A `period` is as long as the plan's that it is said of. */
export interface TimeSpan {
  unit: TimeUnit;
  count: number;
}

/** Words for units of time, folded. To know another one, write it here. */
export const timeUnits: Readonly<Record<string, TimeUnit>> = {
  gio: 'hour',
  tieng: 'hour',
  hour: 'hour',
  hours: 'hour',
  ngay: 'day',
  hom: 'day',
  day: 'day',
  days: 'day',
  tuan: 'week',
  week: 'week',
  weeks: 'week',
  wk: 'week',
  wks: 'week',
  thang: 'month',
  thag: 'month',
  tahng: 'month',
  thnag: 'month',
  thg: 'month',
  th: 'month',
  month: 'month',
  months: 'month',
  mnth: 'month',
  mnths: 'month',
  monht: 'month',
  mo: 'month',
  mos: 'month',
  mth: 'month',
  quy: 'quarter',
  quarter: 'quarter',
  quarters: 'quarter',
  qtr: 'quarter',
  nam: 'year',
  year: 'year',
  years: 'year',
  yr: 'year',
  yrs: 'year',
  annum: 'year',
};

/** What a billing period is called, the longest first: 2 kỳ thanh toán đầu, the first two payments. */
export const periodWords: readonly (readonly string[])[] = [
  ...['ky', 'chu ky'].flatMap((noun) =>
    ['thanh toan', 'tra phi', 'dong phi', 'thu phi', 'tra tien', 'dong tien', 'hoa don', 'cuoc', 'phi'].map((of) =>
      `${noun} ${of}`.split(' '),
    ),
  ),
  ...['billing', 'payment', 'subscription'].flatMap((of) =>
    ['period', 'periods', 'cycle', 'cycles'].map((noun) => [of, noun]),
  ),
];
/** Short for it, or what is paid in it: only the first of them, and “for 2 cycles”, tell how long something is. */
export const paymentWords: readonly (readonly string[])[] = [
  ...['ky', 'period', 'periods', 'cycle', 'cycles'].map((noun) => [noun]),
  ...['lan thanh toan', 'lan tra phi', 'lan dong phi', 'lan dong tien', 'hoa don'].map((noun) => noun.split(' ')),
  ...['payment', 'payments', 'invoice', 'invoices', 'bill', 'bills'].map((noun) => [noun]),
];

/** Only after a slash, as in 199k/t: elsewhere they are anything. */
export const unitsAfterSlash: Readonly<Record<string, TimeUnit>> = {
  t: 'month',
  m: 'month',
  n: 'year',
  y: 'year',
  w: 'week',
  d: 'day',
  h: 'hour',
};

/** Words that are an interval by themselves. */
export const intervalWords: Readonly<Record<string, TimeSpan>> = {
  hourly: { unit: 'hour', count: 1 },
  daily: { unit: 'day', count: 1 },
  weekly: { unit: 'week', count: 1 },
  biweekly: { unit: 'week', count: 2 },
  fortnightly: { unit: 'week', count: 2 },
  monthly: { unit: 'month', count: 1 },
  montly: { unit: 'month', count: 1 },
  mothly: { unit: 'month', count: 1 },
  bimonthly: { unit: 'month', count: 2 },
  quarterly: { unit: 'quarter', count: 1 },
  semiannual: { unit: 'month', count: 6 },
  semiannually: { unit: 'month', count: 6 },
  biannual: { unit: 'month', count: 6 },
  yearly: { unit: 'year', count: 1 },
  annual: { unit: 'year', count: 1 },
  pcm: { unit: 'month', count: 1 },
  annually: { unit: 'year', count: 1 },
};

/** Before a unit, or a number and a unit, they make an interval of it: mỗi tháng, every 2 weeks. */
export const everyWords: ReadonlySet<string> = new Set([
  '/',
  'moi',
  'hang',
  'tung',
  'theo',
  'tren',
  'per',
  'every',
  'each',
  'a',
  'an',
  'by',
  'p',
]);
