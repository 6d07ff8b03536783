/** A number where a word is one; what is none is left to the schema, which says so. */
export const numberOrWord = (text: string): number | string =>
  text.trim() === '' || Number.isNaN(Number(text)) ? text : Number(text);
