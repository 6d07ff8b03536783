import { errorCatalogue } from './error-codes';

/** Members of every problem document (RFC 9457): `status` is that of HTTP. */
const fixed = ['type', 'title', 'status', 'instance', 'code'];

test('what to do names no member of every problem where it means one of its own', () => {
  const misleading = Object.entries(errorCatalogue).filter(([, { advice }]) =>
    fixed.some((member) => advice.includes(`\`${member}\``)),
  );

  expect(misleading).toEqual([]);
});
