import { readFileSync } from 'node:fs';
import path from 'node:path';

import { errorCatalogue } from '../../../domain/error-codes';
import { projectFolder } from '../../environment/servers';
import { testSystem } from '../../environment/test-system';

const system = testSystem();
const committed = (name: string) => readFileSync(path.join(projectFolder, 'docs', name), 'utf8');

test('the document that is served is the one that is committed', async () => {
  const { status, body } = await system.api.get('/openapi.json');

  expect(status).toBe(200);
  expect(body).toEqual(JSON.parse(committed('openapi.json')));
});

test('the page at /docs loads everything from itself, and its policy lets it run', async () => {
  const page = await fetch(`${system.url}/docs/`);
  const html = await page.text();
  const policy = page.headers.get('content-security-policy') ?? '';
  const links = [...html.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] as string);
  const scripts = [...html.matchAll(/<script\b[^>]*>([^<]*)/g)];

  expect(page.status).toBe(200);
  expect(policy).toContain("script-src 'self'");
  expect(scripts.map((match) => (match[1] as string).trim())).toEqual(scripts.map(() => ''));
  expect(links.length).toBeGreaterThan(3);
  for (const link of links) {
    const asset = await fetch(new URL(link, `${system.url}/docs/`));
    await asset.arrayBuffer();
    expect([link, asset.status, new URL(asset.url).origin]).toEqual([link, 200, system.url]);
  }
});

test('every problem code has its section at the address that problems point to', async () => {
  const { text } = await system.api.get('//docs/problems');
  const sections = [...text.matchAll(/<section id="([^"]+)">/g)].map((match) => match[1]);

  expect(sections.sort()).toEqual(Object.keys(errorCatalogue).sort());
});

test('an answer for a browser carries the usual protections and tells no software', async () => {
  const { headers } = await system.api.get('/products');

  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('x-powered-by')).toBeNull();
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
});
