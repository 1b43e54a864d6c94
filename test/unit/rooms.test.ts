import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = resolve('src');

/** What each room may import of the others; a room below imports nothing of one above. */
const ROOMS: Record<string, { readonly rooms: readonly string[] }> = {
  trajectory: { rooms: [] },
  likelihood: { rooms: [] },
  models: { rooms: ['likelihood'] },
  cpmi: { rooms: ['trajectory', 'likelihood/likelihood-model'] },
  evaluation: { rooms: ['cpmi', 'trajectory'] },
  labels: { rooms: ['cpmi', 'trajectory', 'likelihood/likelihood-model', 'likelihood/process'] },
  heatmap: { rooms: [] },
  cli: { rooms: ['labels', 'evaluation', 'cpmi', 'trajectory', 'models', 'likelihood'] },
  editor: { rooms: ['heatmap', 'labels', 'cpmi', 'trajectory', 'models', 'likelihood'] },
};

/** Packages that only some rooms may use. */
const PACKAGES: Record<string, readonly string[]> = {
  vscode: ['editor', 'extension.ts'],
  'onnxruntime-common': ['likelihood'],
  'onnxruntime-node': ['likelihood'],
  'onnxruntime-web': ['likelihood'],
  '@huggingface/tokenizers': ['likelihood'],
  '@huggingface/gguf': ['models'],
  'onnx-proto': ['models'],
  '@huggingface/hub': ['models'],
  undici: ['models'],
  commander: ['cli'],
};

/** What asks a model, or hands one on, knows of it: no engine, and nothing that starts one. */
const MODEL_ELSEWHERE = [
  'likelihood/likelihood-model',
  'likelihood/process/scoring-channel',
  'likelihood/process/wire-error',
];

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

function files(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return files(path);
    return entry.name.endsWith('.ts') ? [path] : [];
  });
}

const imports: Import[] = files(SRC).flatMap((path) => {
  const file = relative(SRC, path).replaceAll('\\', '/');
  const found = readFileSync(path, 'utf8').matchAll(/^(?:import|export)\b[^;]*?from\s+'([^']+)';/gms);
  return [...found].map(([, target = '']) => ({
    file,
    room: file.split('/')[0] ?? '',
    target: target.startsWith('.')
      ? relative(SRC, resolve(dirname(path), target)).replaceAll('\\', '/')
      : target,
  }));
});

describe('rooms', () => {
  it('finds the imports', () => expect(imports.length).toBeGreaterThan(100));

  it.each(Object.entries(ROOMS))('%s imports only rooms below it', (room, { rooms }) => {
    const wrong = imports
      .filter(
        (i) =>
          i.room === room && i.target.includes('/') && Object.hasOwn(ROOMS, i.target.split('/')[0] ?? ''),
      )
      .filter(({ target }) => !target.startsWith(`${room}/`) && target !== room)
      .filter(
        ({ target }) => !rooms.some((allowed) => target === allowed || target.startsWith(`${allowed}/`)),
      );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(PACKAGES))('%s is used only where it belongs', (name, rooms) => {
    const wrong = imports.filter((i) => i.target === name && !rooms.includes(i.room));
    expect(wrong).toEqual([]);
  });

  it('only one file of the editor starts the scoring process', () => {
    const starters = new Set(
      imports
        .filter(
          (i) =>
            i.room === 'editor' && i.target.startsWith('likelihood/') && !MODEL_ELSEWHERE.includes(i.target),
        )
        .map((i) => i.file),
    );
    expect([...starters].length).toBeLessThanOrEqual(1);
  });
});
