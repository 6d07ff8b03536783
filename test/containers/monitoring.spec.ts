import { existsSync } from 'node:fs';
import path from 'node:path';

import { services, workerServices } from '../../workers/services';
import { projectFolder } from '../environment/servers';
import { readWrittenCompose } from './read-compose';
import { metricsOf, monitoringQueries, readDashboard, readPrometheus } from './read-monitoring';

const compose = readWrittenCompose();
const job = (name: string) => readPrometheus().scrape_configs.find(({ job_name: one }) => one === name);

describe('Prometheus', () => {
  it('asks every container of the product where it tells its figures', () => {
    const [api] = job('api')?.dns_sd_configs ?? [];
    const [workers] = job('workers')?.dns_sd_configs ?? [];

    expect(api?.names).toEqual(services.filter(({ isApi }) => isApi === true).map(({ name }) => name));
    expect(workers?.names).toEqual(workerServices.map(({ name }) => name));
    expect(api?.port).toBe(compose.services['api-gateway']?.environment?.['PORT']);
    expect(compose.services['api-gateway']?.environment?.['API_METRICS']).toBe('true');
    workerServices.forEach(({ name }) =>
      expect(compose.services[name]?.environment?.['WORKER_HEALTH_PORT']).toBe(workers?.port),
    );
  });

  it('asks Temporal where it tells its figures', () => {
    const [target] = job('temporal')?.static_configs?.[0]?.targets ?? [];

    expect(target?.split(':')[1]).toBe(
      String(compose.services['temporal']?.environment?.['PROMETHEUS_ENDPOINT']).split(':')[1],
    );
    expect(Object.keys(compose.services)).toContain(target?.split(':')[0]);
  });

  it('has its files', () => {
    readPrometheus().rule_files.forEach((file) =>
      expect(existsSync(path.join(projectFolder, 'containers', 'prometheus', file))).toBe(true),
    );
  });
});

describe('the dashboard', () => {
  const { panels } = readDashboard();
  const charts = panels.filter(({ type }) => type !== 'row');

  it('asks the data source that is provisioned, in panels that do not overlap', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, nth) => `${x + (nth % w)}/${y + Math.floor(nth / w)}`),
    );

    expect(charts.every(({ datasource, targets = [] }) => datasource?.uid === 'prometheus' && targets.length > 0)).toBe(
      true,
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  });

  it('reads a metric in every query', () => {
    expect(monitoringQueries().length).toBeGreaterThan(15);
    expect(monitoringQueries().filter(({ query }) => metricsOf(query).length === 0)).toEqual([]);
  });
});

test('the metrics of a query are told from its functions, labels and strings', () => {
  expect(
    metricsOf('histogram_quantile(0.95, sum by (le, route) (rate(a_bucket{status=~"b.."}[5m]))) > 2 and on (x) c:d'),
  ).toEqual(['a_bucket', 'c:d']);
});
