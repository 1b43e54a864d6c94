import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ModelError } from '../../../src/models';
import {
  chooseVariant,
  type DownloadOptions,
  download,
  endpointOf,
  readRepository,
} from '../../../src/models/hub';
import { StubHub, sha256 } from '../../support/stub-hub';

/** Bytes that differ everywhere, so that a part in the wrong place is seen. */
const noise = (length: number, seed: number) =>
  Buffer.from(Array.from({ length }, (_, i) => (i * 31 + seed * 17 + (i >> 8)) & 255));
const FILES = {
  'config.json': { content: Buffer.from('{"max_position_embeddings":256}') },
  'tokenizer.json': { content: noise(3000, 1), large: true },
  'README.md': { content: Buffer.from('# A model') },
  'onnx/model.onnx': { content: noise(2000, 2) },
  'onnx/model.onnx_data': { content: noise(200_000, 3), large: true },
  'onnx/model_quantized.onnx': { content: noise(50_000, 4), large: true },
  'pytorch_model.bin': { content: noise(10, 5) },
};
const DATA = 'onnx/model.onnx_data';

let hub: StubHub;
let home: string;
let waits: string[];
let options: DownloadOptions;
beforeEach(async () => {
  hub = await StubHub.start();
  hub.files = FILES;
  home = mkdtempSync(join(tmpdir(), 'steplens-home-'));
  waits = [];
  options = {
    endpoint: hub.endpoint,
    home,
    sleep: async () => undefined,
    onWait: (reason, seconds) => waits.push(`${reason} ${seconds.toFixed(0)}`),
  };
});
afterEach(async () => {
  await hub.stop();
  rmSync(home, { recursive: true, force: true });
});

/** What is downloaded before the data file. */
const BEFORE = Object.entries(FILES)
  .slice(0, 4)
  .reduce((sum, [, { content }]) => sum + content.length, 0);

async function fetchAll(more: Partial<DownloadOptions> = {}) {
  const repository = await readRepository('owner/name', { ...options, ...more });
  return download(repository, chooseVariant(repository), {
    ...options,
    ...more,
    onProgress: (done, total, file) => {
      if (file === DATA) hub.seen(done - BEFORE);
      more.onProgress?.(done, total, file);
    },
  });
}
const fault = (path: string, ...faults: Parameters<StubHub['faults']['set']>[1]) =>
  hub.faults.set(path, faults);
const stored = () => join(home, 'models/owner/name@fp32');
/** Requests that asked the store for the data file. */
const asked = () => hub.requests.filter(({ host, path }) => host === 'store' && path.endsWith(DATA));

describe('a download', () => {
  it('brings the files of one variant, checked, with where they came from', async () => {
    const seen: number[] = [];
    const model = await fetchAll({ onProgress: (done) => seen.push(done) });
    expect(model).toEqual({ name: 'owner/name@fp32', folder: stored() });
    const wanted = ['config.json', 'tokenizer.json', 'README.md', 'onnx/model.onnx', DATA] as const;
    for (const path of wanted)
      expect(readFileSync(join(stored(), path)).equals(FILES[path].content), path).toBe(true);
    expect(readdirSync(stored()).sort()).toEqual([
      'README.md',
      'config.json',
      'onnx',
      'steplens-model.json',
      'tokenizer.json',
    ]);
    expect(readdirSync(join(stored(), 'onnx')).sort()).toEqual(['model.onnx', 'model.onnx_data']);
    const record = JSON.parse(readFileSync(join(stored(), 'steplens-model.json'), 'utf8'));
    expect(record).toMatchObject({
      source: `${hub.endpoint}/owner/name`,
      revision: hub.revision,
      licence: 'apache-2.0',
    });
    expect(record.files).toContainEqual({ path: DATA, bytes: 200_000, sha256: sha256(FILES[DATA].content) });
    expect(readdirSync(join(home, 'models/.downloads'))).toEqual([]);
    expect(seen.every((done, i) => i === 0 || done >= (seen[i - 1] ?? 0))).toBe(true);
    expect(seen.at(-1)).toBe(wanted.reduce((sum, path) => sum + FILES[path].content.length, 0));
  });

  it('asks for one commit only, whatever happens to the branch meanwhile', async () => {
    await fetchAll();
    const paths = hub.requests.map(({ path }) => path);
    expect(
      paths.filter((path) => path.includes('/resolve/')).every((path) => path.includes(hub.revision)),
    ).toBe(true);
    expect(paths.filter((path) => path.includes('/tree/')).every((path) => path.endsWith(hub.revision))).toBe(
      true,
    );
  });

  it('goes on after a broken connection from the byte where it broke', async () => {
    fault(DATA, { kind: 'break', after: 70_000 }, { kind: 'break', after: 50_000 });
    await fetchAll();
    const starts = asked().map(({ range }) => Number(/\d+/.exec(range ?? '0')?.[0]));
    expect(starts).toEqual([0, 70_000, 120_000]);
    expect(readFileSync(join(stored(), DATA)).equals(FILES[DATA].content)).toBe(true);
    expect(waits.length).toBe(2);
  });

  it('is given up after breaks without a new byte, and goes on with the next command', async () => {
    fault(
      DATA,
      { kind: 'break', after: 90_000 },
      ...Array.from({ length: 40 }, () => ({ kind: 'break', after: 0 }) as const),
    );
    await expect(fetchAll()).rejects.toThrow(
      /(breaks again and again|after 5 attempts).* the same command goes on later/,
    );
    expect(existsSync(stored())).toBe(false);
    hub.requests.length = 0;
    hub.faults.clear();
    await fetchAll();
    expect(asked().map(({ range }) => range)).toEqual(['bytes=90000-']);
    expect(hub.requests.some(({ path }) => path.endsWith('tokenizer.json'))).toBe(false);
  });

  it('begins anew where the server knows no ranges or sends another part', async () => {
    fault(DATA, { kind: 'break', after: 70_000 }, { kind: 'whole' });
    await fetchAll();
    rmSync(stored(), { recursive: true });
    fault(DATA, { kind: 'break', after: 70_000 }, { kind: 'shifted' });
    await fetchAll();
    expect(readFileSync(join(stored(), DATA)).equals(FILES[DATA].content)).toBe(true);
  });

  it('stops when it is cancelled, and what came is kept', async () => {
    const controller = new AbortController();
    const run = fetchAll({
      signal: controller.signal,
      onProgress: (done) => {
        if (done > 100_000) controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(existsSync(stored())).toBe(false);
    expect(
      readdirSync(join(home, 'models/.downloads/owner--name@fp32')).some((name) => name.endsWith('.part')),
    ).toBe(true);
    await fetchAll();
  });

  it('fetches a file again that is not what the hub says, once', async () => {
    fault(DATA, { kind: 'garbled' });
    await fetchAll();
    expect(asked().length).toBe(2);
    rmSync(stored(), { recursive: true });
    fault(DATA, { kind: 'garbled' }, { kind: 'garbled' });
    await expect(fetchAll()).rejects.toThrow(
      /model\.onnx_data of owner\/name is not what the hub says it is .* nothing of it is kept/,
    );
    expect(existsSync(stored())).toBe(false);
  });

  it('stops at a file that never ends', async () => {
    fault(DATA, { kind: 'endless' }, { kind: 'endless' });
    await expect(fetchAll()).rejects.toThrow(/is not what the hub says/);
  });

  it('takes nothing over that a person has left in the place of a file', async () => {
    await fetchAll();
    writeFileSync(join(stored(), DATA), noise(200_000, 9));
    await fetchAll();
    expect(readFileSync(join(stored(), DATA)).equals(FILES[DATA].content)).toBe(true);
  });

  it('of another commit takes over the files that are the same', async () => {
    await fetchAll();
    hub.requests.length = 0;
    hub.revision = 'b'.repeat(40);
    hub.files = { ...FILES, 'onnx/model.onnx': { content: noise(2100, 8) } };
    await fetchAll();
    expect(
      hub.requests.filter(({ path }) => path.includes('/resolve/')).map(({ path }) => path.split('/').at(-1)),
    ).toEqual(['model.onnx']);
    expect(readFileSync(join(stored(), 'onnx/model.onnx')).length).toBe(2100);
  });
});

describe('a hub that', () => {
  it('asks to slow down is waited for as long as it says', async () => {
    fault('info', { kind: 'status', status: 429, retryAfter: '7' });
    fault(DATA, { kind: 'status', status: 429, retryAfter: '3' }, { kind: 'status', status: 503 });
    await fetchAll();
    expect(waits[0]).toBe('the hub asks to slow down 7');
    expect(waits[1]).toBe('the hub asks to slow down 3');
    expect(waits[2]).toMatch(/^the hub answers 503/);
  });

  it('asks to wait for an hour is not waited for, and says so', async () => {
    fault('info', { kind: 'status', status: 429, retryAfter: '3600' });
    await expect(fetchAll()).rejects.toThrow(
      /asks to slow down, after 1 attempt; it asks to wait 60 minutes/,
    );
    expect(waits).toEqual([]);
  });

  it('fails five times is given up', async () => {
    fault('info', ...Array.from({ length: 5 }, () => ({ kind: 'status', status: 502 }) as const));
    await expect(fetchAll()).rejects.toThrow(/the hub answers 502, after 5 attempts/);
  });

  it('wants a token says where to get one, and gets it on its own host only', async () => {
    hub.wanted = 'hf_secret';
    await expect(fetchAll()).rejects.toThrow(/is private, or wants its licence accepted: .*HF_TOKEN/);
    await expect(fetchAll({ token: 'hf_wrong' })).rejects.toThrow(/does not take the token/);
    hub.requests.length = 0;
    await fetchAll({ token: 'hf_secret' });
    expect(hub.requests.filter(({ host }) => host === 'store').length).toBeGreaterThan(0);
    for (const { host, token } of hub.requests) expect(token).toBe(host === 'hub' ? 'hf_secret' : undefined);
  });

  it('does not have the repository, or cannot be reached, says so', async () => {
    await expect(readRepository('owner/other', options)).rejects.toThrow(
      /owner\/other: there is no such repository/,
    );
    const { endpoint } = hub;
    await hub.stop();
    await expect(fetchAll({ endpoint })).rejects.toThrow(
      /cannot reach 127.0.0.1:\d+ \(ECONNREFUSED\): .*HTTPS_PROXY.*HF_ENDPOINT/,
    );
    hub = await StubHub.start();
  });

  it('answers with a web page is no hub', async () => {
    const page: typeof fetch = async () =>
      new Response('<html>Log in</html>', { headers: { 'Content-Type': 'text/html' } });
    await expect(fetchAll({ fetch: page })).rejects.toThrow(
      /something that is not the hub's: check HF_ENDPOINT/,
    );
  });

  it.each([
    '../evil',
    '/etc/passwd',
    'a/../../b',
    'C:\\x',
    'a\\..\\b',
    'con',
    'a/\u0000b',
    'aux.json',
    'a//b',
    '..',
    'x. ',
  ])('names a file %j is not believed anything', async (path) => {
    hub.files = { ...FILES, [path]: { content: noise(5, 1) } };
    await expect(fetchAll()).rejects.toThrow(/a file with an impossible name/);
    expect(readdirSync(home)).toEqual([]);
  });
});

describe('the hub', () => {
  it('is the one that HF_ENDPOINT names, where that is an address', () => {
    expect(endpointOf({})).toBe('https://huggingface.co');
    expect(endpointOf({ HF_ENDPOINT: 'https://mirror.example/hf/' })).toBe('https://mirror.example/hf');
    for (const wrong of ['mirror', 'file:///etc', 'https://user:pw@host', 'https://host/?a=1']) {
      expect(() => endpointOf({ HF_ENDPOINT: wrong })).toThrow(ModelError);
    }
  });
});

describe('of several variants', () => {
  const repository = (paths: Readonly<Record<string, number>>) => ({
    name: 'owner/name',
    revision: 'a'.repeat(40),
    gated: false,
    files: Object.entries({ 'config.json': 1, 'tokenizer.json': 1, ...paths }).map(([path, bytes]) => ({
      path,
      bytes,
      hash: { kind: 'sha256' as const, hex: '0'.repeat(64) },
    })),
  });
  const GB = 1e9;

  it.each<[what: string, paths: Readonly<Record<string, number>>, variant: string, files: number]>([
    [
      'the exact one, where it is small',
      { 'onnx/model.onnx': 1, 'onnx/model.onnx_data': GB, 'onnx/model_q4.onnx': GB / 4 },
      'fp32',
      4,
    ],
    [
      'the most exact one that is',
      { 'onnx/model.onnx': 1, 'onnx/model.onnx_data': 4 * GB, 'onnx/model_q4.onnx': GB },
      'q4',
      3,
    ],
    [
      'never the rounded one first',
      { 'onnx/model_quantized.onnx': 1, 'onnx/model_q4.onnx': 9 * GB },
      'q4',
      3,
    ],
    ['the rounded one, where it is alone', { 'onnx/model_quantized.onnx': 1 }, 'quantized', 3],
    [
      'safetensors, all of them',
      { 'model-1.safetensors': 1, 'model-2.safetensors': 1, 'model.safetensors.index.json': 1 },
      'safetensors',
      5,
    ],
    ['GGUF by its quantisation', { 'm-Q8_0.gguf': GB, 'm-Q4_K_M.gguf': GB / 2 }, 'q8_0', 3],
  ])('%s is proposed', (_, paths, variant, files) => {
    const chosen = chooseVariant(repository(paths));
    expect([chosen.name, chosen.files.length]).toEqual([variant, files]);
  });

  it('another one can be asked for, in any case of letters, and what is missing is named', () => {
    const both = repository({ 'm-Q8_0.gguf': 2, 'm-Q4_K_M.gguf': 1, 'onnx/model_q4.onnx': 3 });
    expect(chooseVariant(both, 'Q4_K_M').files.at(-1)?.path).toBe('m-Q4_K_M.gguf');
    expect(() => chooseVariant(both, 'fp32')).toThrow('owner/name has no fp32; it has q4, q8_0, q4_k_m');
    expect(() => chooseVariant(repository({ 'pytorch_model.bin': 1 }))).toThrow(
      /no weights that can be used/,
    );
  });
});
