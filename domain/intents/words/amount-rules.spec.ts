import fc from 'fast-check';

import { minorUnits, readAmount } from './amount-rules';
import { tokenize } from './token-rules';

function read(text: string, fallback = 'VND') {
  const amount = readAmount(tokenize(text), 0);

  return amount === null ? null : minorUnits(amount, fallback);
}

it.each([
  ['199k', 199_000],
  ['199K', 199_000],
  ['199 k', 199_000],
  ['199.000đ', 199_000],
  ['199,000đ', 199_000],
  ['199 000 đồng', 199_000],
  ['199000', 199_000],
  ['199.000 VNĐ', 199_000],
  ['₫199.000', 199_000],
  ['VND 199,000', 199_000],
  ['199 nghìn', 199_000],
  ['199 ngàn đồng', 199_000],
  ['１９９ｋ', 199_000],
  ['một trăm chín mươi chín nghìn', 199_000],
  ['mot tram chin chin nghin dong', 199_000],
  ['one hundred and ninety-nine thousand dong', 199_000],
  ['1tr2', 1_200_000],
  ['1tr25', 1_250_000],
  ['1tr250', 1_250_000],
  ['1tr05', 1_050_000],
  ['1,2 triệu', 1_200_000],
  ['1.2tr', 1_200_000],
  ['1 triệu 200', 1_200_000],
  ['1 triệu 200 nghìn', 1_200_000],
  ['một triệu hai', 1_200_000],
  ['một triệu hai trăm', 1_200_000],
  ['1 triệu hai', 1_200_000],
  ['1 trieu hai', 1_200_000],
  ['1 triệu hai một năm', 1_200_000],
  ['1 triệu một tháng', 1_000_000],
  ['1 triệu năm trăm', 1_500_000],
  ['2 triệu mốt', 2_100_000],
  ['ba triệu tư', 3_400_000],
  ['3 triệu tư nhé', 3_400_000],
  ['hai mốt nghìn', 21_000],
  ['một triệu hai trăm ba lăm nghìn', 1_235_000],
  ['1.200.000', 1_200_000],
  ['2 triệu rưỡi', 2_500_000],
  ['hai triệu rưỡi', 2_500_000],
  ['2.5m', 2_500_000],
  ['nửa triệu', 500_000],
  ['half a million dong', 500_000],
  ['năm trăm nghìn', 500_000],
  ['hai trăm linh năm nghìn', 205_000],
  ['hai mươi lăm nghìn', 25_000],
  ['mười lăm nghìn', 15_000],
  ['trăm rưỡi nghìn', 150_000],
  ['2 trăm nghìn', 200_000],
  ['5 củ', 5_000_000],
  ['1 tỷ', 1_000_000_000],
  ['0đ', 0],
])('%s is %d đồng', (text, value) => {
  expect(read(text)).toEqual({ value, currency: 'VND' });
});

it.each([
  ['$9.99', 999, 'USD'],
  ['US$9.99', 999, 'USD'],
  ['USD 9.99', 999, 'USD'],
  ['9.99 USD', 999, 'USD'],
  ['9,99 đô', 999, 'USD'],
  ['9 dollars and 99 cents', 999, 'USD'],
  ['99 cents', 99, 'USD'],
  ['ten dollars', 1_000, 'USD'],
  ['10 đô la Mỹ', 1_000, 'USD'],
  ['10 đô rưỡi', 1_050, 'USD'],
  ['$1,500', 150_000, 'USD'],
  ['$1,234.50', 123_450, 'USD'],
  ['€1.234,50', 123_450, 'EUR'],
  ['£8', 800, 'GBP'],
  ['¥12000', 12_000, 'JPY'],
  ['12,000 yen', 12_000, 'JPY'],
  ['15 SGD', 1_500, 'SGD'],
  ['3.125 KWD', 'unclear', ''],
])('%s is %d minor units of %s', (text, value, currency) => {
  expect(read(text)).toEqual(typeof value === 'string' ? value : { value, currency });
});

it.each([
  ['199', 'unclear'],
  ['199đ', 'unclear'],
  ['9.99', 'unclear'],
  ['$1.500', 'unclear'],
  ['1.234 triệu', 'unclear'],
  ['một triệu năm', 'unclear'],
  ['trăm hai nghìn', 'unclear'],
  ['tám chín nghìn', 'unclear'],
  ['bảy tám chục nghìn', 'unclear'],
  ['một hai trăm nghìn', 'unclear'],
  ['1 triệu hai lớp', 'unclear'],
  ['1 triệu hai tháng', 'unclear'],
  ['1.2.3', 'unclear'],
  ['12.34.567', 'unclear'],
  ['-199k', 'impossible'],
  ['¥12.5', 'impossible'],
  ['$0.005', 'impossible'],
  ['199.5đ', 'impossible'],
  ['99999999 tỷ', 'impossible'],
])('%s is %s', (text, why) => {
  expect(read(text)).toBe(why);
});

it('reads an amount the same in each way to write it', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 999_999 }), (thousands) => {
      const value = thousands * 1_000;
      const grouped = (sign: string) => String(value).replace(/\B(?=(\d{3})+$)/g, sign);
      const ways = [
        `${thousands}k`,
        `${thousands} nghìn`,
        `${thousands} ngàn đồng`,
        `${value}đ`,
        `${value} VND`,
        `${grouped('.')}đ`,
        `${grouped(',')} vnd`,
        `₫${grouped('.')}`,
        `${thousands / 1_000} triệu`,
        `${String(thousands / 1_000).replace('.', ',')}tr đ`,
      ].filter((way) => !/\.\d{3} triệu|,\d{3}tr/.test(way));

      ways.forEach((way) => expect([way, read(way)]).toEqual([way, { value, currency: 'VND' }]));
    }),
  );
});

const digits = ['không', 'một', 'hai', 'ba', 'bốn', 'năm', 'sáu', 'bảy', 'tám', 'chín'];

/** A number below a thousand as people say it. */
function spoken(value: number): string {
  const [hundreds, tens, ones] = [Math.floor(value / 100), Math.floor(value / 10) % 10, value % 10];
  const head = hundreds === 0 ? '' : `${digits[hundreds]} trăm`;
  const last = tens === 0 ? (ones === 0 ? '' : `${head === '' ? '' : 'linh '}${digits[ones]}`) : '';
  const ending = ones === 0 ? '' : tens > 1 && ones === 1 ? ' mốt' : ones === 5 ? ' lăm' : ` ${digits[ones]}`;
  const body = tens === 0 ? last : `${tens === 1 ? 'mười' : `${digits[tens]} mươi`}${ending}`;

  return `${head} ${body}`.trim();
}

it('reads Vietnamese words for all thousands below a million', () => {
  for (let thousands = 1; thousands < 1_000; thousands += 1) {
    const text = `${spoken(thousands)} nghìn đồng`;
    expect([text, read(text)]).toEqual([text, { value: thousands * 1_000, currency: 'VND' }]);
  }
});
