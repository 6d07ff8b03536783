import { currencyDigits, formatAmount } from './currency-rules';

/** Making a format costs more than using it. Accounts choose among few locales; the bound is for the rest. */
const mostKept = 100;
const formats = new Map<string, Intl.NumberFormat>();

/**
 * Money as customers read it in mails and on pages. The digits are told to `Intl`, whose own differ between releases, and
 * the amount goes in as exact decimal text. Spaces that break no line become plain ones: mail is read everywhere. Hosts
 * differ in their locale data, so no workflow may use this.
 * @param amount minor units
 * @param locale BCP 47
 */
export function formatMoneyFor(amount: number | bigint, currency: string, locale: string): string {
  const text = formatAmount(amount, currency) as Intl.StringNumericLiteral;

  return formatOf(locale, currency)
    .format(text)
    .replace(/[\u00a0\u202f]/g, ' ');
}

function formatOf(locale: string, currency: string): Intl.NumberFormat {
  const key = `${locale} ${currency}`;
  const known = formats.get(key);

  if (known !== undefined) {
    return known;
  }
  const digits = currencyDigits(currency);
  const format = new Intl.NumberFormat(locale, {
    style: 'currency',
    currency,
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });

  if (formats.size < mostKept) {
    formats.set(key, format);
  }

  return format;
}
