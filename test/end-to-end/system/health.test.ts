import { testSystem } from '../../environment/test-system';

const system = testSystem();
const read = async (url: string) => {
  const response = await fetch(url);

  return { status: response.status, text: await response.text() };
};

test('the API lives and is ready, and names the parts it needs', async () => {
  const live = await system.api.get('//health/live');
  const ready = await system.api.get('//health/ready');

  expect(live).toMatchObject({ status: 200, body: { status: 'ok' } });
  expect(ready).toMatchObject({ status: 200, body: { status: 'ready', parts: { postgresql: 'ok', temporal: 'ok' } } });
});

test('the worker host is ready when its Workers poll', async () => {
  const ready = await read(`${system.workerHealthUrl}/health/ready`);

  expect(ready.status).toBe(200);
  expect(JSON.parse(ready.text)).toMatchObject({ status: 'ready', parts: { postgresql: 'ok', temporal: 'ok' } });
});

test('the metrics of the API count requests by route pattern, never by address or company', async () => {
  await system.api.get('/products?limit=1');
  await system.api.get('/products/987654321');
  const { text } = await system.api.get('//metrics');
  const requests = text.split('\n').filter((line) => line.startsWith('bmms_http_request_duration_seconds_count'));

  expect(requests.some((line) => /route="\/products\/:id"/.test(line) && /status="404"/.test(line))).toBe(true);
  expect(text).toContain('nodejs_eventloop_lag_seconds');
  expect(text).toContain('bmms_placements_in_flight');
  expect(text).not.toContain('987654321');
  expect(text).not.toMatch(/company(?:_?id)?="/i);
});

test("the metrics of the worker host hold ours and those of Temporal's SDK", async () => {
  const { status, text } = await read(`${system.workerHealthUrl}/metrics`);

  expect(status).toBe(200);
  expect(text).toContain('process_cpu_seconds_total');
  expect(text).toMatch(/^temporal_\w+/m);
});
