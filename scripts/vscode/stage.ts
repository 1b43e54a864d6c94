import { constants } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { REPO } from './paths';
import { RUNTIME_FILES, type Target, WASM_FILES } from './targets';

/*
 * A package is made from a staged copy that holds what is named here and nothing else: a forgotten file in the
 * repository never ends up on people's machines.
 */

interface Entry {
  /** A file or folder in the repository. */
  readonly path: string;
  /** Of a folder: the files to take, by their ending. Absent: all. */
  readonly endings?: readonly string[];
  readonly required: boolean;
}

const ENTRIES: readonly Entry[] = [
  { path: 'dist', endings: ['.js', '.css'], required: true },
  { path: 'dist/heatmap/heatmap.js.LEGAL.txt', required: true }, // licences of what is bundled into the page
  { path: 'model', required: true },
  { path: 'model/LICENSE', required: true },
  { path: 'model/NOTICE', required: true },
  { path: 'README.md', required: true },
  { path: 'LICENSE', required: true },
  { path: 'NOTICE', required: true },
  { path: 'CHANGELOG.md', required: false },
  { path: 'package.nls.json', required: false },
  { path: 'l10n', endings: ['.json'], required: false },
  { path: 'media', required: false },
  { path: 'examples', required: false },
  { path: 'docs', endings: ['.md', '.png'], required: false }, // "What do rewards mean?" opens one of them
];

/** Of the packages of ONNX Runtime: what is loaded. Install scripts and those scripts' dependencies stay out. */
const RUNTIME_ENTRIES: readonly Entry[] = [
  { path: 'node_modules/onnxruntime-common/dist/cjs', endings: ['.js', '.json'], required: true },
  ...WASM_FILES.map((file) => ({ path: `node_modules/onnxruntime-web/dist/${file}`, required: true })),
];
const NATIVE_ENTRIES: readonly Entry[] = [
  { path: 'node_modules/onnxruntime-node/dist', endings: ['.js'], required: true },
];

const HINTS: Readonly<Record<string, string>> = {
  dist: ' (npm run build makes it)',
  model: ' (npm run model:import makes it)',
};

/** Manifest fields that mean something to VS Code or to a reader; the others are about building. */
const DROPPED_FIELDS = ['scripts', 'devDependencies', 'private', 'bin', 'files', 'workspaces'];

/**
 * The files that a target's package takes from the repository as they are, relative to its root, sorted. The manifests
 * are not among them: they are written anew by `stage`.
 * @throws Error naming a required file that is not there.
 */
export async function filesFor(target: Target, root = REPO): Promise<string[]> {
  const files: string[] = [];
  for (const entry of [...ENTRIES, ...RUNTIME_ENTRIES, ...(target.native ? NATIVE_ENTRIES : [])]) {
    const found = await list(root, entry.path);
    const kept = found.filter((file) => !entry.endings || entry.endings.includes(path.extname(file)));
    if (entry.required && kept.length === 0) {
      throw new Error(`${entry.path} is missing: a package needs it${HINTS[entry.path] ?? ''}`);
    }
    files.push(...kept);
  }
  if (target.native) files.push(...(await runtimeFiles(target, root)));
  const { main } = await readManifest(root, 'package.json');
  if (typeof main !== 'string' || !files.includes(path.posix.normalize(main))) {
    throw new Error(`The manifest's main is ${main}, which is not among the packaged files`);
  }
  return [...new Set(files)].sort();
}

async function runtimeFiles(target: Target, root: string): Promise<string[]> {
  const bin = 'node_modules/onnxruntime-node/bin';
  const [version, ...others] = (await readdir(path.join(root, bin))).filter((name) =>
    name.startsWith('napi-v'),
  );
  if (!version || others.length > 0) {
    throw new Error(`${bin} should hold exactly one napi-v* folder`);
  }
  const folder = path.posix.join(bin, version, target.os, target.arch);
  const files = RUNTIME_FILES[target.os].map((name) => path.posix.join(folder, name));
  for (const file of files) {
    const known = await stat(path.join(root, file)).catch(() => undefined);
    if (!known?.isFile()) {
      throw new Error(`onnxruntime-node has no ${file}: no package for ${target.name} can be made`);
    }
  }
  return files;
}

/** A file itself, or all files below a folder; POSIX separators; hidden files are never taken. */
async function list(root: string, entry: string): Promise<string[]> {
  const known = await stat(path.join(root, entry)).catch(() => undefined);
  if (!known) {
    return [];
  }
  if (known.isFile()) {
    return [entry];
  }
  const below = await readdir(path.join(root, entry), { recursive: true, withFileTypes: true });
  return below
    .filter((item) => item.isFile())
    .map((item) => path.relative(root, path.join(item.parentPath, item.name)).split(path.sep).join('/'))
    .filter((file) => !file.split('/').some((part) => part.startsWith('.')));
}

/** Copies a target's files and writes the manifests into an empty folder. Returns the staged paths, sorted. */
export async function stage(target: Target, folder: string, root = REPO): Promise<string[]> {
  const files = await filesFor(target, root);
  for (const file of files) {
    const to = path.join(folder, file);
    await mkdir(path.dirname(to), { recursive: true });
    await copyFile(path.join(root, file), to, constants.COPYFILE_FICLONE);
  }
  const manifests = await writeManifests(target, folder, root);
  return [...files, ...manifests].sort();
}

async function writeManifests(target: Target, folder: string, root: string): Promise<string[]> {
  const manifest = await readManifest(root, 'package.json');
  const kept = Object.fromEntries(Object.entries(manifest).filter(([key]) => !DROPPED_FIELDS.includes(key)));
  const runtimes = ['onnxruntime-web', ...(target.native ? ['onnxruntime-node'] : [])];
  const common = await readManifest(root, manifestOf('onnxruntime-common'));
  const written: Record<string, Record<string, unknown>> = {
    [manifestOf('onnxruntime-common')]: { ...common, scripts: undefined, devDependencies: undefined },
  };
  const dependencies: Record<string, unknown> = {};
  for (const name of runtimes) {
    const runtime = await readManifest(root, manifestOf(name));
    dependencies[name] = runtime.version;
    written[manifestOf(name)] = {
      ...runtime,
      scripts: undefined,
      devDependencies: undefined,
      // The others serve an install script, or are bundled into what is loaded.
      dependencies: { 'onnxruntime-common': common.version },
    };
  }
  written['package.json'] = { ...kept, dependencies };
  for (const [file, content] of Object.entries(written)) {
    await writeFile(path.join(folder, file), `${JSON.stringify(content, null, 2)}\n`);
  }
  return Object.keys(written);
}

const manifestOf = (name: string): string => `node_modules/${name}/package.json`;

async function readManifest(root: string, file: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(path.join(root, file), 'utf8'));
}
