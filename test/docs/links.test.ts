import { existsSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, ROOT } from './documents';

const all = documents();
const byPath = new Map(all.map((document) => [document.path, document]));

describe.each(all)('$path', ({ path, links, anchors, spans }) => {
  it('links to files and headings that are there', () => {
    const broken = links.filter((link) => {
      if (/^[a-z]+:/.test(link)) return false;
      const [file = '', anchor] = decodeURI(link).split('#');
      const target = file === '' ? path : posix.join(posix.dirname(path), file);
      if (!existsSync(join(ROOT, target))) return true;
      if (anchor === undefined) return false;
      return !(file === '' ? anchors : byPath.get(target)?.anchors)?.has(anchor);
    });
    expect(broken).toEqual([]);
  });

  it('names files of the project that are there', () => {
    const named = spans.filter((span) =>
      /^(src|test|scripts|docs|examples|media|model)\/[\w./-]*\w$/.test(span),
    );
    const missing = named.filter((file) => !existsSync(join(ROOT, file)) && !made(file));
    expect(missing).toEqual([]);
  });
});

/** A file that a command writes beside another one: `examples/traces.cpmi.jsonl`. */
function made(file: string): boolean {
  return dirname(file) === 'examples' && posix.basename(file).startsWith('traces.');
}

it('every document can be reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    for (const link of byPath.get(path)?.links ?? []) {
      const target = posix.join(posix.dirname(path), link.split('#')[0] ?? '');
      if (byPath.has(target)) reached.add(target);
    }
  }
  const manual = [...byPath.keys()].filter((path) => path.startsWith('docs/'));
  expect(manual.filter((path) => !reached.has(path))).toEqual([]);
});
