/** What the driver has and its types leave out. */
declare module 'pg/lib/utils' {
  /** As the wire protocol takes a value in text: what the driver itself does to parameters. */
  export function prepareValue(value: unknown): string | Buffer | null;
}
