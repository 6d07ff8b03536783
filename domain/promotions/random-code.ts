import { randomBytes } from 'node:crypto';

/** Thirty-two signs that are told apart when they are read out: neither I nor O, 0 nor 1. */
const signs = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const length = 12;

/** A code that nobody guesses: 60 random bits after its prefix. */
export function randomCode(prefix: string): string {
  return prefix + Array.from(randomBytes(length), (byte) => signs.charAt(byte % signs.length)).join('');
}
