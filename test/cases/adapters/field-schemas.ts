import { z } from 'zod';
import { parseLocalDate } from '../../../domain/calendar/calendar-rules';

/** A date 'YYYY-MM-DD' of the calendar. */
export const date = z.string().refine((text) => {
  parseLocalDate(text);
  return true;
});
export const text = z.string();
export const count = z.number().int();
/** An amount as a decimal text or as a number. */
export const money = z.union([z.string(), z.number()]).transform(String);
export const cents = z.number().int().transform(BigInt);
/** A percentage as a decimal text or as a number. */
export const percent = z.union([z.string(), z.number()]).transform(String);
export const span = z.tuple([text, text]);
