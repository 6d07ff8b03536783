import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

import { services } from '../workers/services';

const project = path.resolve(__dirname, '..');
const read = (file: string) => readFileSync(path.join(project, file), 'utf8');

const pages = [
  'README.md',
  'CHANGELOG.md',
  'bench/README.md',
  ...readdirSync(path.join(project, 'docs'), { recursive: true })
    .map((name) => path.join('docs', String(name)))
    .filter((name) => name.endsWith('.md')),
];

/** The anchor that a heading gets: small letters, no punctuation, hyphens for spaces. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
const anchorsOf = (page: string) => [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading!));
const withoutCode = (text: string) => text.replace(/```[\s\S]*?```/g, '').replace(/`[^`\n]*`/g, '');

describe.each(pages)('%s', (page) => {
  it('points to files and headings that are there', () => {
    const broken = [...withoutCode(read(page)).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target!)
      .filter((target) => !/^https?:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const found = file === '' ? page : path.join(path.dirname(page), file);

        return (
          !existsSync(path.join(project, found)) ||
          (anchor !== undefined && found.endsWith('.md') && !anchorsOf(found).includes(anchor))
        );
      });

    expect(broken).toEqual([]);
  });

  it('names no folder of one machine', () => {
    expect(read(page)).not.toMatch(/(^|[\s"'(`=])\/(home|root|work|Users|tmp)\//m);
  });
});

describe('docs/acceptance.md', () => {
  const text = read('docs/acceptance.md');
  const rows = [...text.matchAll(/^\| (S\d+) \| (.+) \| (.+) \| (.+) \| (.+) \|$/gm)].map(
    ([, item, what, state, where, proof]) => ({
      item: item!,
      what: what!,
      state: state!,
      where: where!,
      proofs: [...proof!.matchAll(/\]\(\.\.\/([^)]+)\) “(.+?)”(?=<br>|$)/g)].map(([, file, name]) => ({
        file: file!,
        name: name!,
      })),
      proof: proof!,
    }),
  );

  it('has each of the 410 items once', () => {
    const numbers = rows.map(({ item }) => Number(item.slice(1))).sort((left, right) => left - right);

    expect(numbers).toEqual(Array.from({ length: 410 }, (_, index) => index + 1));
    expect(text.match(/^\| S\d+ /gm)).toHaveLength(410);
  });

  it('names tests that are in the files it names', () => {
    const sources = new Map<string, string>();
    const sourceOf = (file: string) => {
      if (!sources.has(file)) {
        sources.set(file, existsSync(path.join(project, file)) ? read(file).replaceAll("\\'", "'") : '');
      }

      return sources.get(file)!;
    };
    const isTest = ({ file, name }: { file: string; name: string }) =>
      ["'", '"', '`'].some((quote) => sourceOf(file).includes(`${quote}${name}${quote}`));

    expect(rows.flatMap(({ proofs }) => proofs).filter((proof) => !isTest(proof))).toEqual([]);
  });

  it('calls built what a test proves, and says which part of the rest is', () => {
    const isRight = (row: (typeof rows)[number]) => {
      switch (row.state) {
        case 'built':
          return row.proofs.length > 0 && row.where !== '–';
        case 'in part':
          return row.what.includes('*(') && (row.proofs.length > 0 || row.proof === 'no test yet');
        case 'settled':
          return row.proofs.length > 0 || row.proof === 'nothing to prove';
        case 'not yet':
          return row.proof === 'not yet';
        default:
          return false;
      }
    };

    expect(rows.filter((row) => !isRight(row))).toEqual([]);
  });

  it('counts right', () => {
    const states = ['built', 'in part', 'settled', 'not yet'];
    const sections = text.split(/^## /m).slice(1);
    const counted = sections.map((section) => {
      const title = section.slice(0, section.indexOf('\n'));
      const items = rows.filter(({ item }) => section.includes(`\n| ${item} |`));
      const figures = states.map((state) => items.filter((row) => row.state === state).length);

      return `| ${[title, items.length, ...figures].join(' | ')} |`;
    });
    const total = states.map((state) => `**${rows.filter((row) => row.state === state).length}**`);

    for (const line of [...counted, `| **All** | **410** | ${total.join(' | ')} |`]) {
      expect(text).toContain(line);
    }
  });
});

test('the README lists every variable of the configuration and no other', () => {
  const declared = [...read('platform/config.ts').matchAll(/^ {2}([A-Z][A-Z_]+): /gm)].map(([, name]) => name!);
  const table = read('README.md').split('## Configuration')[1]!.split('And for `npm start` itself')[0]!;
  const listed = [...table.matchAll(/^\| (`[^|]+) \|/gm)].flatMap(([, cell]) =>
    [...cell!.matchAll(/`([A-Z_]+)`/g)].map(([, name]) => name!),
  );

  expect(declared.length).toBeGreaterThan(20);
  expect([...listed].sort()).toEqual([...declared].sort());
});

test('the architecture page names every service, layering rule and function without a company', () => {
  const page = read('docs/architecture.md');
  const rules = [...read('.dependency-cruiser.cjs').matchAll(/(?:name: |only\()'([a-z-]+)'/g)].map(([, name]) => name!);
  const migrations = readdirSync(path.join(project, 'prisma/migrations'))
    .filter((name) => existsSync(path.join(project, 'prisma/migrations', name, 'migration.sql')))
    .map((name) => read(`prisma/migrations/${name}/migration.sql`))
    .join('\n');
  const functions = [...migrations.matchAll(/CREATE (?:OR REPLACE )?FUNCTION system\.(\w+)/g)].map(([, name]) => name!);
  const names = [...services.map(({ name }) => name), ...rules, ...functions];

  // The rule against packages that are not declared is about package.json, not about layers.
  expect(names.filter((name) => name !== 'no-undeclared-packages' && !page.includes(name))).toEqual([]);
});

test('the index of decisions lists every page', () => {
  const index = read('docs/decisions/README.md');
  const numbered = readdirSync(path.join(project, 'docs/decisions')).filter((name) => /^\d{4}-/.test(name));

  expect(numbered.filter((name) => !index.includes(`(${name})`))).toEqual([]);
});
