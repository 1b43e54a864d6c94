import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REPO } from '../../../scripts/vscode/paths';
import { stage } from '../../../scripts/vscode/stage';
import { RUNTIME_FILES, TARGETS, targetNamed, WASM_FILES } from '../../../scripts/vscode/targets';

const BIN = 'node_modules/onnxruntime-node/bin/napi-v6';

/** A repository in small: everything a package takes, and one of each thing that must stay out. */
const WANTED = [
  'dist/extension.js',
  'dist/heatmap/page.css',
  'dist/heatmap/heatmap.js.LEGAL.txt',
  'examples/right.jsonl',
  'media/icon.png',
  'model/model.onnx',
  'model/LICENSE',
  'model/NOTICE',
  'LICENSE',
  'NOTICE',
  'README.md',
  'package.nls.json',
  'node_modules/onnxruntime-common/dist/cjs/index.js',
  'node_modules/onnxruntime-common/dist/cjs/package.json',
  ...WASM_FILES.map((file) => `node_modules/onnxruntime-web/dist/${file}`),
];
const NATIVE = 'node_modules/onnxruntime-node';
const NATIVE_ONLY = [`${NATIVE}/dist/index.js`];
const UNWANTED = [
  'dist/extension.js.map',
  'src/extension.ts',
  'test/unit/a.test.ts',
  'scripts/package.ts',
  '.env',
  'media/.DS_Store',
  'node_modules/left-pad/index.js',
  'node_modules/onnxruntime-node/script/install.js',
  'node_modules/onnxruntime-node/lib/index.ts',
  'node_modules/onnxruntime-common/dist/esm/index.js',
  'node_modules/onnxruntime-web/dist/ort.min.js',
  'node_modules/onnxruntime-web/dist/ort.node.min.js.map',
  'node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.jsep.wasm',
  `${BIN}/darwin/arm64/libonnxruntime.1.30.0.dylib`,
  `${BIN}/linux/x64/libonnxruntime_providers_cuda.so`,
  `${BIN}/win32/x64/DirectML.dll`,
  `${BIN}/win32/x64/dxcompiler.dll`,
];
const BINARIES = TARGETS.filter((t) => t.native).flatMap((t) =>
  RUNTIME_FILES[t.os].map((file) => `${BIN}/${t.os}/${t.arch}/${file}`),
);
const MANIFESTS: Record<string, unknown> = {
  'package.json': {
    name: 'sample',
    version: '1.2.3',
    main: './dist/extension.js',
    scripts: { 'vscode:prepublish': 'exit 1' },
    devDependencies: { typescript: '1' },
    dependencies: { commander: '1' },
  },
  'node_modules/onnxruntime-node/package.json': {
    name: 'onnxruntime-node',
    version: '1.30.0',
    scripts: { postinstall: 'exit 1' },
    dependencies: { 'adm-zip': '1', 'onnxruntime-common': '1.30.0' },
  },
  'node_modules/onnxruntime-web/package.json': {
    name: 'onnxruntime-web',
    version: '1.30.0',
    scripts: { postinstall: 'exit 1' },
    dependencies: { protobufjs: '7', 'onnxruntime-common': '1.30.0' },
  },
  'node_modules/onnxruntime-common/package.json': { name: 'onnxruntime-common', version: '1.30.0' },
};

let root: string;
let staging: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'stage-root-'));
  staging = await mkdtemp(path.join(tmpdir(), 'stage-out-'));
  for (const file of [...WANTED, ...NATIVE_ONLY, ...UNWANTED, ...BINARIES]) {
    await write(file, file);
  }
  for (const [file, content] of Object.entries(MANIFESTS)) {
    await write(file, JSON.stringify(content));
  }
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
  await rm(staging, { recursive: true, force: true });
});

async function write(file: string, content: string): Promise<void> {
  await mkdir(path.dirname(path.join(root, file)), { recursive: true });
  await writeFile(path.join(root, file), content);
}

async function tree(folder: string): Promise<string[]> {
  const items = await readdir(folder, { recursive: true, withFileTypes: true });
  return items
    .filter((item) => !item.isDirectory())
    .map((item) => path.relative(folder, path.join(item.parentPath, item.name)))
    .sort();
}

describe('a staged package', () => {
  it.each(TARGETS)('for $name holds what is allowed and its own runtime only', async (target) => {
    const listed = await stage(target, staging, root);
    const binaries = BINARIES.filter((file) => file.startsWith(`${BIN}/${target.os}/${target.arch}/`));
    const native = target.native ? [...NATIVE_ONLY, ...binaries] : [];
    expect(native).toHaveLength(target.native ? 3 : 0);
    const manifests = Object.keys(MANIFESTS).filter((file) => target.native || !file.startsWith(NATIVE));
    const expected = [...WANTED, ...native, ...manifests].sort();
    expect(await tree(staging)).toEqual(expected);
    expect(listed).toEqual(expected);
  });

  const manifest = async (file: string) => JSON.parse(await readFile(path.join(staging, file), 'utf8'));

  it('has manifests that run no scripts and ask for the runtimes only', async () => {
    await stage(targetNamed('linux-x64'), staging, root);
    expect(await manifest('package.json')).toEqual({
      name: 'sample',
      version: '1.2.3',
      main: './dist/extension.js',
      dependencies: { 'onnxruntime-node': '1.30.0', 'onnxruntime-web': '1.30.0' },
    });
    expect(await manifest('node_modules/onnxruntime-node/package.json')).toEqual({
      name: 'onnxruntime-node',
      version: '1.30.0',
      dependencies: { 'onnxruntime-common': '1.30.0' },
    });
    expect(await manifest('node_modules/onnxruntime-web/package.json')).toEqual({
      name: 'onnxruntime-web',
      version: '1.30.0',
      dependencies: { 'onnxruntime-common': '1.30.0' },
    });
  });

  it('asks for WebAssembly alone where there is no native runtime', async () => {
    await stage(targetNamed('darwin-x64'), staging, root);
    expect((await manifest('package.json')).dependencies).toEqual({ 'onnxruntime-web': '1.30.0' });
  });

  it.each([
    ['dist', /dist is missing/],
    ['model', /model is missing/],
    ['LICENSE', /LICENSE is missing/],
    ['NOTICE', /NOTICE is missing/],
    ['dist/heatmap/heatmap.js.LEGAL.txt', /LEGAL\.txt is missing/],
    ['model/NOTICE', /model\/NOTICE is missing/],
    ['dist/extension.js', /main is .*extension\.js, which is not among/],
    [`${BIN}/linux/x64`, /no package for linux-x64/],
    ['node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', /threaded\.wasm is missing/],
  ])('without %s is refused', async (missing, message) => {
    await rm(path.join(root, missing), { recursive: true });
    await expect(stage(targetNamed('linux-x64'), staging, root)).rejects.toThrow(message);
  });

  it('agrees with the runtime that is installed here, for every target', async () => {
    for (const file of WASM_FILES) {
      const installed = path.join(REPO, 'node_modules/onnxruntime-web/dist', file);
      expect((await stat(installed)).isFile(), installed).toBe(true);
    }
    for (const target of TARGETS.filter((t) => t.native)) {
      for (const file of RUNTIME_FILES[target.os]) {
        const installed = path.join(REPO, BIN, target.os, target.arch, file);
        expect((await stat(installed)).isFile(), installed).toBe(true);
      }
    }
  });
});

describe('a target that cannot be had', () => {
  it.each([
    ['linux-armhf', /32 bits/],
    ['web', /browser/],
    ['amiga', /knows no such platform/],
    ['constructor', /knows no such platform/],
  ])('%s is refused with the reason', (name, reason) => {
    expect(() => targetNamed(name)).toThrow(reason);
  });
});
