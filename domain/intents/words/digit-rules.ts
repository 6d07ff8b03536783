import { parseDecimal, type Ratio, ratio } from '../../money/ratio-rules';

/**
 * A number in digits. `grouped`: one dot or comma before three digits, which is thousands for some and a fraction for others.
 * `broken`: no way of writing numbers that we know.
 */
export interface Digits {
  value: Ratio;
  shape: 'whole' | 'thousands' | 'grouped-dot' | 'grouped-comma' | 'decimal' | 'broken';
}

const most = 40;

/** Reads 199000, 199.000, 1,234.50, 1.234,50, 9.99 and 9,99. */
export function readDigits(text: string): Digits {
  const parts = text.split(/[.,]/);
  const signs = text.replace(/\d/g, '');
  const [first = '', ...rest] = parts;
  const last = rest.at(-1) ?? '';
  const whole = (digits: readonly string[]) => ratio(BigInt(digits.join('')));
  const areGroups = (groups: readonly string[]) =>
    first.length <= 3 && first !== '0' && groups.every(({ length }) => length === 3);
  const decimal = (before: readonly string[]) => parseDecimal(`${before.join('')}.${last}`);

  if (text.length > most) {
    return { value: ratio(0), shape: 'broken' };
  }
  if (signs === '') {
    return { value: whole(parts), shape: 'whole' };
  }
  if (signs.length === 1) {
    return areGroups(rest)
      ? { value: whole(parts), shape: signs === '.' ? 'grouped-dot' : 'grouped-comma' }
      : { value: decimal([first]), shape: 'decimal' };
  }
  if (areGroups(rest) && new Set(signs).size === 1) {
    return { value: whole(parts), shape: 'thousands' };
  }
  const before = parts.slice(0, -1);
  const isFractionAfterThousands =
    areGroups(before.slice(1)) && new Set(signs.slice(0, -1)).size === 1 && signs.at(-1) !== signs[0];

  return isFractionAfterThousands ? { value: decimal(before), shape: 'decimal' } : { value: ratio(0), shape: 'broken' };
}
