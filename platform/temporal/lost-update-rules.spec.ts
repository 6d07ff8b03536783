import { isLostUpdate, isStartedBefore, needsNewRequest } from './lost-update-rules';
import { sendAgainWhile } from './send-again';

it.each([
  [9, 'Unable to perform workflow execution update due to unexpected workflow task failure.', true],
  [9, 'Update-with-Start could not be executed.', true],
  [9, 'The namespace is not active.', false],
  [5, 'Update-with-Start could not be executed.', false],
])('%i %s', (code, details, isLost) => {
  expect(isLostUpdate({ code, details })).toBe(isLost);
});

it('a start that was carried out before is known by the details of its status, and sent anew at most twice', async () => {
  expect(isStartedBefore([Buffer.from('\n&Workflow was not started: StartDeduped')])).toBe(true);
  expect(isStartedBefore([])).toBe(false);
  let sent = 0;
  const send = () => {
    sent += 1;

    return Promise.reject(new Error('Workflow was not started: StartDeduped'));
  };

  await expect(sendAgainWhile(needsNewRequest, send)).rejects.toThrow('StartDeduped');
  expect(sent).toBe(3);
  await expect(sendAgainWhile(needsNewRequest, () => Promise.reject(new Error('away')))).rejects.toThrow('away');
});
