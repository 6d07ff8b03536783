/** Words for numbers, folded. To know another one, write it here. */

export const vietnameseDigits: Readonly<Record<string, number>> = {
  khong: 0,
  mot: 1,
  hai: 2,
  ba: 3,
  bon: 4,
  tu: 4,
  nam: 5,
  lam: 5,
  nham: 5,
  sau: 6,
  bay: 7,
  tam: 8,
  chin: 9,
};

export const englishOnes: Readonly<Record<string, number>> = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
};

export const englishTeens: Readonly<Record<string, number>> = {
  ten: 10,
  eleven: 11,
  twelve: 12,
  thirteen: 13,
  fourteen: 14,
  fifteen: 15,
  sixteen: 16,
  seventeen: 17,
  eighteen: 18,
  nineteen: 19,
};

export const englishTens: Readonly<Record<string, number>> = {
  twenty: 20,
  thirty: 30,
  forty: 40,
  fourty: 40,
  fifty: 50,
  sixty: 60,
  seventy: 70,
  eighty: 80,
  ninety: 90,
};

/** What a number before them is multiplied by. */
export const scales: Readonly<Record<string, bigint>> = {
  k: 1_000n,
  ng: 1_000n,
  ngan: 1_000n,
  nghin: 1_000n,
  ngin: 1_000n,
  canh: 1_000n,
  thousand: 1_000n,
  grand: 1_000n,
  m: 1_000_000n,
  tr: 1_000_000n,
  trieu: 1_000_000n,
  chieu: 1_000_000n,
  cu: 1_000_000n,
  mil: 1_000_000n,
  million: 1_000_000n,
  ti: 1_000_000_000n,
  ty: 1_000_000_000n,
  billion: 1_000_000_000n,
};

/** These are other words as well: they multiply only what is written in digits, right before them. */
export const scalesAfterDigits: ReadonlySet<string> = new Set(['canh', 'cu', 'ti']);
export const scalesGluedToDigits: ReadonlySet<string> = new Set(['ng', 'm']);
