import { isOtherWord } from './mark-rules';

it.each([
  ['tủ', 'từ', true],
  ['đồ', 'đó', true],
  ['dạng', 'đang', true],
  ['chợ', 'cho', true],
  ['hoà', 'hòa', false],
  ['củng', 'cũng', false],
  ['CHUYỂN', 'chuyển', false],
  ['chuyen', 'chuyển', false],
  ['plan', 'plan', false],
])('%s is another word than %s: %s', (written, known, expected) => {
  expect(isOtherWord(written, known)).toBe(expected);
  expect(isOtherWord(written.normalize('NFD'), known)).toBe(expected);
});
