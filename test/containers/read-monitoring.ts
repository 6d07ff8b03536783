import { readFileSync } from 'node:fs';
import path from 'node:path';

import { parse } from 'yaml';

import { projectFolder } from '../environment/servers';

const folder = path.join(projectFolder, 'containers');

export interface Panel {
  id: number;
  title: string;
  type: string;
  gridPos: { x: number; y: number; w: number; h: number };
  datasource?: { uid: string };
  targets?: { expr: string }[];
}

export function readDashboard(): { uid: string; panels: Panel[] } {
  return JSON.parse(readFileSync(path.join(folder, 'grafana', 'dashboards', 'bmms.json'), 'utf8')) as {
    uid: string;
    panels: Panel[];
  };
}

export interface ScrapeConfig {
  job_name: string;
  dns_sd_configs?: { names: string[]; type: string; port: number }[];
  static_configs?: { targets: string[] }[];
}

export function readPrometheus(): { rule_files: string[]; scrape_configs: ScrapeConfig[] } {
  return parse(readFileSync(path.join(folder, 'prometheus', 'prometheus.yml'), 'utf8')) as {
    rule_files: string[];
    scrape_configs: ScrapeConfig[];
  };
}

export function readAlerts(): { alert: string; expr: string }[] {
  const { groups } = parse(readFileSync(path.join(folder, 'prometheus', 'alerts.yml'), 'utf8')) as {
    groups: { rules: { alert: string; expr: string }[] }[];
  };

  return groups.flatMap(({ rules }) => rules);
}

/** Every query of the dashboard and of the alerts, with where it stands. */
export function monitoringQueries(): { where: string; query: string }[] {
  return [
    ...readDashboard().panels.flatMap(({ title, targets = [] }) =>
      targets.map(({ expr }) => ({ where: title, query: expr })),
    ),
    ...readAlerts().map(({ alert, expr }) => ({ where: alert, query: expr })),
  ];
}

/** Names of the metrics that a query reads: what is neither a function, an operator, a label nor a string. */
export function metricsOf(query: string): string[] {
  const bare = query
    .replace(/"[^"]*"/g, '')
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)/g, '');

  return [...bare.matchAll(/[a-zA-Z_:][a-zA-Z0-9_:]*(?!\w|\s*\()/g)]
    .map(([name]) => name)
    .filter((name) => !['and', 'or', 'unless', 'bool', 'offset'].includes(name));
}
