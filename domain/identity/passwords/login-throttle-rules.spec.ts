import { loginDelayMs } from './login-throttle-rules';

it.each([
  [0, 0],
  [4, 0],
  [5, 1],
  [6, 2],
  [10, 32],
  [14, 512],
  [15, 900],
  [10_000, 900],
])('after %i failures the next attempt waits %i s', (failures, seconds) => {
  expect(loginDelayMs(failures)).toBe(seconds * 1_000);
});
