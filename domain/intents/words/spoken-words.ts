import { foldWord } from './fold-rules';
import { isOtherWord } from './mark-rules';

/** Vietnamese words of numbers, times and money, with their marks: what is written with others is none of them. */
const spoken = `
  không một mốt hai ba bốn tư năm lăm nhăm sáu bảy bẩy tám chín mười mươi chục trăm linh lẻ rưỡi nửa
  nghìn ngàn triệu tỷ tỉ cành củ chiếu
  giờ tiếng ngày hôm tuần tháng quý năm đầu tiên lần mỗi hàng hằng từng theo trên phần trăm
  đồng đô la mỹ nhật yên việt âm người gói`;

const spellings = new Map<string, string[]>();

for (const word of spoken.split(/\s+/).filter((one) => one !== '')) {
  spellings.set(foldWord(word), [...(spellings.get(foldWord(word)) ?? []), word]);
}

/** @returns what is said of numbers, times and money: the folded word, or nothing where its marks make it another one */
export function saidBy(text: string, written: string): string {
  const known = spellings.get(text) ?? [];

  return known.length > 0 && known.every((word) => isOtherWord(written, word)) ? '' : text;
}
