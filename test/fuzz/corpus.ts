import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { detectFormat, FORMATS } from '../../src/trajectory';
import { openFile } from '../../src/trajectory/reader/open';

/** A file that mutations are made of. */
export interface Seed {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Decoded, without the byte order mark; undefined for archives. */
  readonly text: string | undefined;
  readonly format: string;
  /** Where its records stand in the text. */
  readonly records: readonly { readonly start: number; readonly end: number }[];
}

const ROOT = resolve(__dirname, '../..');
/** Real files of other projects, where they stand beside the repository; our own of the same shapes in any case. */
const FOLDERS = ['../shared/data/formats', 'test/fixtures/formats'] as const;

/** All sample files whose format is known. */
export async function loadCorpus(): Promise<Seed[]> {
  const paths = FOLDERS.flatMap((folder) => filesIn(resolve(ROOT, folder))).filter(
    (path) => !path.includes('/expected/'),
  );
  const seeds: Seed[] = [];
  for (const path of paths) {
    const bytes = readFileSync(path);
    const [best] = await detectFormat({ path });
    if (!best) continue;
    const archive = bytes[0] === 0x50 && bytes[1] === 0x4b;
    const records: { start: number; end: number }[] = [];
    const file = await openFile({ path });
    for await (const record of file.records(FORMATS.find(({ id }) => id === best.id))) {
      if (archive || !('node' in record) || !record.node || record.opening) continue;
      const { base, text } = record.source;
      records.push({ start: base, end: base + text.length });
    }
    const utf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
    const text = archive ? undefined : new TextDecoder(utf16 ? 'utf-16le' : 'utf-8').decode(bytes);
    seeds.push({ name: basename(path), bytes, text, format: best.id, records });
  }
  return seeds;
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      if (statSync(path).isDirectory()) return filesIn(path);
      return name === 'MANIFEST.md' ? [] : [path];
    });
}
