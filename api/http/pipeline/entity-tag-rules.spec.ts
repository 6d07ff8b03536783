import { namesTag } from './entity-tag-rules';

describe('If-None-Match', () => {
  it.each([['"a"'], ['"b", "a"'], ['"b","a"'], ['W/"a"'], ['"b", W/"a"'], ['*'], [' * ']])('%s names "a"', (asked) => {
    expect(namesTag(asked, '"a"')).toBe(true);
  });

  it.each([[undefined], [''], ['a'], ['"b"'], ['W/"b"'], ['"ab"'], ['"*"']])('%s does not', (asked) => {
    expect(namesTag(asked, '"a"')).toBe(false);
  });
});
