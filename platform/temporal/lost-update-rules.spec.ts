import { isLostUpdate } from './lost-update-rules';

it.each([
  [9, 'Unable to perform workflow execution update due to unexpected workflow task failure.', true],
  [9, 'Update-with-Start could not be executed.', true],
  [9, 'The namespace is not active.', false],
  [5, 'Update-with-Start could not be executed.', false],
])('%i %s', (code, details, isLost) => {
  expect(isLostUpdate({ code, details })).toBe(isLost);
});
