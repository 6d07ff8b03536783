/** Of each of the first nine digits of a Vietnamese tax code (mã số thuế). */
const weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];

/**
 * Whether a tax code is one of Viet Nam: ten digits, and three more after a hyphen for a branch. The tenth is the check
 * digit, 10 less the remainder by 11 of the weighted sum of the nine before it; no code has nine that would need a 10.
 */
export function isVietnameseTaxCode(code: string): boolean {
  const digits = /^(\d{9})(\d)(-\d{3})?$/.exec(code);

  if (digits === null) {
    return false;
  }
  const sum = [...(digits[1] as string)].reduce((all, digit, nth) => all + Number(digit) * (weights[nth] as number), 0);

  return 10 - (sum % 11) === Number(digits[2]);
}

/**
 * What is wrong with a customer's tax data taken together, by field; null: nothing.
 * @param data.country ISO 3166-1; null: taken as Viet Nam
 */
export function faultOfTaxData(data: {
  taxStatus: string;
  taxExemptReason: string | null;
  taxCode: string | null;
  country: string | null;
}): { field: string; detail: string } | null {
  const { taxStatus, taxExemptReason, taxCode, country } = data;

  if (taxExemptReason !== null && taxStatus !== 'exempt') {
    return { field: '/taxExemptReason', detail: 'Only an exempt customer has a reason for it.' };
  }

  return taxCode !== null && (country ?? 'VN') === 'VN' && !isVietnameseTaxCode(taxCode)
    ? {
        field: '/taxCode',
        detail:
          'It is no Vietnamese tax code: ten digits, the last of them the check digit, and -001 or such for a branch. Set country for one of another country.',
      }
    : null;
}
