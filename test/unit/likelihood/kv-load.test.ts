import { createHash } from 'node:crypto';
import {
  copyFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { onnx } from 'onnx-proto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LikelihoodModel } from '../../../src/likelihood/likelihood-model';
import { ModelFolderError } from '../../../src/likelihood/model-folder-error';
import { KvModel } from '../../../src/likelihood/onnx/kv-model';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { findModelFiles } from '../../../src/likelihood/onnx/model-files';
import { TreeModel } from '../../../src/likelihood/onnx/tree-model';
import { ProcessModel } from '../../../src/likelihood/process/process-model';
import { OnnxGraph } from '../../../src/models/import/onnx-graph';
import { largestDifference } from '../../support/separate';
import { relocateData, type TinyHfOptions, writeHfFile, writeTinyHf } from '../../support/tiny-hf';
import { TINY, tinyTokenizer, writeTinyModel } from '../../support/tiny-llama';
import { buildWorker } from '../../support/worker';

const folders: string[] = [];
const keep = (folder: string): string => {
  folders.push(folder);
  return folder;
};
const write = (options?: TinyHfOptions): string => keep(writeTinyHf(options));
const empty = (): string => keep(mkdtempSync(join(tmpdir(), 'steplens-empty-')));
/** A copy of the plain folder, to be spoilt. */
const copy = (): string => {
  const folder = empty();
  cpSync(plain, folder, { recursive: true });
  return folder;
};
const requests = ['abc', 'abc def'].flatMap((piece) =>
  ['12', '1f'].map((target) => ({ context: { piece }, target })),
);

let plain: string;
let model: LikelihoodModel;
beforeAll(async () => {
  plain = write();
  model = await loadModel(plain);
});
afterAll(async () => {
  await model.dispose();
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** The message with which a folder is refused. */
async function refusal(path: string): Promise<string> {
  const error = await loadModel(path).then(
    () => new Error('it was not refused'),
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(ModelFolderError);
  return (error as Error).message;
}

async function expectSameScores(path: string): Promise<void> {
  const other = await loadModel(path);
  const [a, b] = [await model.score(requests), await other.score(requests)];
  expect(largestDifference(a.likelihoods, b.likelihoods)).toBeLessThan(1e-4);
  await other.dispose();
}

describe('the engine of a model folder', () => {
  it('is chosen by the graph', async () => {
    const tree = await loadModel(keep(writeTinyModel()));
    expect(tree).toBeInstanceOf(TreeModel);
    expect(model).toBeInstanceOf(KvModel);
    expect(model.window).toBe(256);
    await tree.dispose();
  });

  it('fills in what config.json leaves out: heads of one size, and a key-value head for each', async () => {
    const shape = { ...TINY, num_key_value_heads: 4 };
    const config = { head_dim: undefined, num_key_value_heads: undefined };
    const [full, lean] = [write({ shape, symbolic: true }), write({ shape, symbolic: true, config })];
    const [a, b] = [await loadModel(full), await loadModel(lean)];
    const [x, y] = [await a.score(requests), await b.score(requests)];
    expect(x.likelihoods).toEqual(y.likelihoods);
    await Promise.all([a.dispose(), b.dispose()]);
  });

  it('goes by the graph where config.json says otherwise', async () => {
    await expectSameScores(write({ config: { head_dim: 8, num_key_value_heads: 1, num_hidden_layers: 9 } }));
  });

  it('has no window whose keys and values would take more than 2 GiB', async () => {
    const folder = keep(writeTinyModel());
    writeFileSync(join(folder, 'config.json'), JSON.stringify({ ...TINY, max_position_embeddings: 2 ** 24 }));
    const tree = await loadModel(folder);
    expect(tree.window).toBe(
      2 ** 31 / (TINY.num_hidden_layers * 2 * TINY.num_key_value_heads * TINY.head_dim * 4),
    );
    await tree.dispose();
  });

  it('finds the tree graph’s shape with the same defaults', async () => {
    const folder = keep(writeTinyModel());
    const { head_dim: _, ...config } = TINY;
    writeFileSync(join(folder, 'config.json'), JSON.stringify(config));
    const tree = await loadModel(folder);
    const { likelihoods } = await tree.score(requests);
    expect(largestDifference(likelihoods, (await model.score(requests)).likelihoods)).toBeLessThan(1e-4);
    await tree.dispose();
  });
});

describe('the graph of a model folder', () => {
  it('is taken in a documented order of preference', async () => {
    const folder = empty();
    mkdirSync(join(folder, 'onnx'));
    const graphs = [
      'onnx/model_quantized.onnx',
      'onnx/model_int8.onnx',
      'onnx/model_q4.onnx',
      'model_q4.onnx',
      'onnx/model_fp16.onnx',
      'onnx/model.onnx',
      'model.onnx',
    ];
    writeFileSync(join(folder, 'config.json'), '{}');
    for (const graph of graphs) {
      writeFileSync(join(folder, graph), '');
      expect((await findModelFiles(folder)).graph).toBe(join(graph));
    }
    expect(readFileSync('docs/models.md', 'utf8')).toContain('`model_fp16.onnx`, `model_q4.onnx`');
  });

  it('may be the only one, whatever its name, or be named', async () => {
    await expectSameScores(write({ file: 'onnx/decoder_special.onnx' }));
    await expectSameScores(write({ file: 'model.onnx' }));
    const folder = copy();
    writeHfFile(join(folder, 'onnx/model_q4.onnx'), { positionIds: false });
    writeFileSync(join(folder, 'onnx/model.onnx'), 'no graph');
    await expectSameScores(join(folder, 'onnx/model_q4.onnx'));
    expect(await refusal(folder)).toContain('model.onnx is not a readable ONNX file');
  });

  it('must be told where several are of unknown kind', async () => {
    const folder = copy();
    rmSync(join(folder, 'onnx/model.onnx'));
    for (const name of ['a.onnx', 'b.onnx']) writeFileSync(join(folder, 'onnx', name), '');
    expect(await refusal(folder)).toMatch(/several graphs of unknown kind .*a\.onnx.*b\.onnx/);
  });

  it('may have its weights inside the file, or behind links as in a download cache', async () => {
    const folder = copy();
    mkdirSync(join(folder, 'blobs'));
    for (const [name, blob] of [
      ['model.onnx', 'aaa'],
      ['model.onnx_data', 'bbb'],
    ] as const) {
      renameSync(join(folder, 'onnx', name), join(folder, 'blobs', blob));
      symlinkSync(join('..', 'blobs', blob), join(folder, 'onnx', name));
    }
    await expectSameScores(folder);
  });
});

describe('the scoring process', () => {
  it('takes such a folder as it takes our own, and says why it refuses one', async () => {
    const worker = await buildWorker();
    folders.push(dirname(worker));
    const there = await ProcessModel.start({ worker, folder: plain, threads: 1 });
    expect(there.id).toEqual(model.id);
    expect(await there.score(requests)).toEqual(await model.score(requests));
    await there.dispose();
    const folder = write({ floats: 'bf16' });
    await expect(ProcessModel.start({ worker, folder })).rejects.toThrow(ModelFolderError);
    await expect(ProcessModel.start({ worker, folder })).rejects.toThrow('it takes or gives bfloat16');
  }, 60_000);
});

describe('the id of a model folder', () => {
  const sha256 = (folder: string, names: readonly string[], end = ''): string => {
    const hash = createHash('sha256');
    for (const name of names) hash.update(`${name}\n`).update(readFileSync(join(folder, name)));
    return hash.update(end).digest('hex');
  };

  it('covers the chosen graph’s files and no others', async () => {
    const names = ['onnx/model.onnx', 'onnx/model.onnx_data', 'tokenizer.json'];
    expect(model.id.sha256).toBe(sha256(plain, names));
    const folder = copy();
    writeHfFile(join(folder, 'onnx/model_q4.onnx'));
    writeFileSync(join(folder, 'README.md'), 'read me');
    const other = await loadModel(folder);
    expect(other.id).toEqual(model.id);
    await other.dispose();
  });

  it('of our own graph is that of its files in the order of their names', async () => {
    const folder = keep(writeTinyModel());
    const tree = await loadModel(folder);
    expect(tree.id).toEqual({
      name: 'tiny',
      runtime: 'native',
      sha256: sha256(folder, ['model.0.bin', 'model.onnx', 'tokenizer.json']),
    });
    await tree.dispose();
  });

  it.each<[config: Readonly<Record<string, unknown>>, name: string]>([
    [{ _name_or_path: 'owner/model' }, 'owner/model'],
    [{ _name_or_path: 'gpt2' }, 'gpt2'],
    [{ _name_or_path: '/home/someone/secret/My-Model' }, 'My-Model'],
    [{ _name_or_path: 'C:\\models\\My-Model\\' }, 'My-Model'],
    [{ _name_or_path: './' }, '<folder>'],
    [{ _name_or_path: '' }, '<folder>'],
    [{ _name_or_path: 17 }, '<folder>'],
    [{ _name_or_path: '\u001b[31mred\u202egnirts\u0000\n' }, '[31mredgnirts'],
    [{ _name_or_path: 'long'.repeat(5000) }, 'long'.repeat(25)],
    [{ steplens: { name: 'ours' } }, 'ours'],
    [{ steplens: null, _name_or_path: null }, '<folder>'],
  ])('has a printable name of bounded length (%#)', async (config, name) => {
    const folder = write({ config });
    const other = await loadModel(folder);
    expect(other.id.name).toBe(name === '<folder>' ? basename(folder) : name);
    await other.dispose();
  });
});

describe('a folder that cannot be used is refused with the reason:', () => {
  it('an empty folder, one that is not there, one without config.json', async () => {
    expect(await refusal(empty())).toContain('is no model folder: it has no config.json');
    expect(await refusal('/nowhere')).toBe('/nowhere is no model folder: it has no config.json');
    const folder = copy();
    rmSync(join(folder, 'config.json'));
    expect(await refusal(folder)).toBe(`${folder} is no model folder: it has no config.json`);
  });

  it('one without a graph, with a hint where the weights are of another kind', async () => {
    const folder = copy();
    rmSync(join(folder, 'onnx'), { recursive: true });
    expect(await refusal(folder)).toBe(`${folder} has neither model.onnx nor onnx/model.onnx`);
    writeFileSync(join(folder, 'model.safetensors'), '');
    expect(await refusal(folder)).toContain('model.safetensors is not ONNX and has to be exported first');
  });

  it.each([
    ['{', /config\.json is not JSON/],
    ['[]', /config\.json holds no JSON object/],
    ['null', /config\.json holds no JSON object/],
    ['{}', /config\.json has no whole number max_position_embeddings/],
    [
      '{"max_position_embeddings": 1e300}',
      /max_position_embeddings is 1e\+300, not a whole number from 1 to/,
    ],
    ['{"max_position_embeddings": 99999999999}', /max_position_embeddings is 99999999999/],
    ['{"max_position_embeddings": "256"}', /max_position_embeddings is "256"/],
    ['{"max_position_embeddings": 256, "head_dim": 1e15}', /head_dim is 1000000000000000/],
    ['{"max_position_embeddings": 256, "num_attention_heads": -1}', /num_attention_heads is -1/],
    ['{"max_position_embeddings": 256, "num_hidden_layers": 0.5}', /num_hidden_layers is 0.5/],
    [`{"a": "${'x'.repeat(5 * 2 ** 20)}"}`, /config\.json has \d+ bytes, more than/],
  ])('config.json (%#)', async (text, reason) => {
    const folder = copy();
    writeFileSync(join(folder, 'config.json'), text);
    expect(await refusal(folder)).toMatch(reason);
  });

  it('a tokenizer that is missing, no JSON, of an unknown kind, or too large for the graph', async () => {
    const folder = copy();
    const put = (value: object) => writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(value));
    rmSync(join(folder, 'tokenizer.json'));
    expect(await refusal(folder)).toMatch(/cannot read the tokenizer: .*tokenizer\.json/);
    writeFileSync(join(folder, 'tokenizer.json'), '{"model": ');
    expect(await refusal(folder)).toMatch(/cannot read the tokenizer: tokenizer\.json is not JSON/);
    put({ ...tinyTokenizer(), model: { type: 'Nonsense' } });
    expect(await refusal(folder)).toMatch(/cannot read the tokenizer/);
    put({ ...tinyTokenizer(), added_tokens: [{ id: 128, content: '<far>', special: false }] });
    const other = await loadModel(folder);
    await expect(other.score([{ context: { piece: 'abc' }, target: '<far>' }])).rejects.toThrow(
      /knows 128 tokens, but the tokenizer that belongs to it gives token 128/,
    );
    await expect(other.score(requests)).resolves.toBeDefined();
    await other.dispose();
  });

  it('a folder without tokenizer_config.json is none of these', async () => {
    const folder = copy();
    rmSync(join(folder, 'tokenizer_config.json'));
    await expectSameScores(folder);
  });

  it('a graph that is damaged, cut off, or no graph at all', async () => {
    const folder = copy();
    const file = join(folder, 'onnx/model.onnx');
    writeFileSync(file, 'this is not a model');
    expect(await refusal(folder)).toContain(`${file} is not a readable ONNX file`);
    writeFileSync(file, '');
    expect(await refusal(folder)).toContain('it holds no graph');
    copyFileSync(join(plain, 'onnx/model.onnx'), file);
    truncateSync(file, 5000);
    expect(await refusal(folder)).toContain('it is cut off or damaged');
    const bytes = readFileSync(join(plain, 'onnx/model.onnx'));
    bytes.write('NoSuchOp', bytes.indexOf('RotaryEmbedding'));
    writeFileSync(file, bytes);
    expect(await refusal(folder)).toMatch(/cannot load .*model\.onnx: .*RotaryEmbedding/);
  });

  it('data files that are missing, cut off, or outside the graph’s folder', async () => {
    const folder = copy();
    const file = join(folder, 'onnx/model.onnx');
    copyFileSync(join(folder, 'onnx/model.onnx_data'), join(folder, 'outside'));
    for (const location of [
      '../outside',
      join(folder, 'outside'),
      'a/../../outside',
      'C:\\outside',
      '..\\outside',
    ]) {
      relocateData(file, location);
      expect(await refusal(folder)).toContain(`wants its weights from ${JSON.stringify(location)}, outside`);
    }
    for (const location of ['model.onnx_data_1', '*/_ORT_MEM_ADDR_/*', 'no\nsuch', '.']) {
      relocateData(file, location);
      expect(await refusal(folder)).toContain(`its data file ${JSON.stringify(location)} is missing`);
    }
    // A link is ONNX Runtime's to refuse.
    rmSync(join(folder, 'onnx/model.onnx_data'));
    symlinkSync(join('..', 'outside'), join(folder, 'onnx/link'));
    relocateData(file, 'link');
    expect(await refusal(folder)).toMatch(/cannot load .*escapes/s);
    rmSync(join(folder, 'onnx/link'));
    writeFileSync(join(folder, 'onnx/link'), 'short');
    expect(await refusal(folder)).toMatch(/"link" is cut off: it has 5 bytes of at least \d+/);
  });

  it('operators that ONNX Runtime does not have by itself', async () => {
    const folder = copy();
    const file = join(folder, 'onnx/model.onnx');
    const model = onnx.ModelProto.decode(readFileSync(file));
    const node = model.graph?.node?.find(({ opType }) => opType === 'Add');
    if (node) node.domain = 'com.example.evil';
    writeFileSync(file, onnx.ModelProto.encode(model).finish());
    expect(await refusal(folder)).toMatch(
      /operators of "com\.example\.evil": custom operators are not loaded/,
    );
  });

  it('an encoder: no cache, no logits', async () => {
    const folder = copy();
    rmSync(join(folder, 'onnx'), { recursive: true });
    const graph = new OnnxGraph(join(folder, 'onnx'), 'model');
    const ids = graph.input('input_ids', 'i64', ['B', 'S']);
    graph.input('attention_mask', 'i64', ['B', 'S']);
    graph.node('Identity', [ids], { outputs: ['last_hidden_state'] });
    graph.output('last_hidden_state', 'i64', ['B', 'S']);
    graph.write();
    const message = await refusal(folder);
    expect(message).toContain('neither a scoring graph of ours (inputs attention_bias and pairs)');
    expect(message).toContain(
      'it lacks inputs past_key_values.0.key, past_key_values.0.value and so on, output logits',
    );
  });

  it('a graph with inputs that nothing is known of, or with present tensors missing', async () => {
    const folder = copy();
    rmSync(join(folder, 'onnx'), { recursive: true });
    const build = (inputs: readonly string[]) => {
      const graph = new OnnxGraph(join(folder, 'onnx'), 'model');
      const mask = graph.input('attention_mask', 'i64', ['B', 'T']);
      const ids = graph.input('input_ids', 'i64', ['B', 'S']);
      for (const part of ['key', 'value']) {
        const past = graph.input(`past_key_values.0.${part}`, 'f32', ['B', 2, 'P', 16]);
        graph.node('Identity', [past], { outputs: [`present.${inputs.length ? 0 : 1}.${part}`] });
        graph.output(`present.${inputs.length ? 0 : 1}.${part}`, 'f32', ['B', 2, 'P', 16]);
      }
      for (const name of inputs) graph.input(name, 'f32', ['B', 3]);
      const sum = graph.node('Cast', [graph.node('Add', [ids, mask])], { attributes: { to: 1 } });
      graph.node('Unsqueeze', [sum, graph.int64([2])], { outputs: ['logits'] });
      graph.output('logits', 'f32', ['B', 'S', 'V']);
      graph.write();
    };
    build(['pixel_values']);
    expect(await refusal(folder)).toContain('wants inputs that are not known: pixel_values');
    build([]);
    expect(await refusal(folder)).toContain('it lacks output present.0.key, output present.0.value');
  });

  it('bfloat16', async () => {
    expect(await refusal(write({ floats: 'bf16' }))).toContain('it takes or gives bfloat16');
  });

  it('a cache that a text does not go on from', async () => {
    const folder = write({ positionIds: false, forgetful: true });
    expect(await refusal(folder)).toContain('a text that goes on from the cache scores unlike the same text');
  });

  it('a graph whose cache has another shape than config.json says, where only that says it', async () => {
    const folder = write({ symbolic: true, config: { head_dim: 8 } });
    expect(await refusal(folder)).toMatch(/model\.onnx cannot be used: /);
    const none = { head_dim: undefined, hidden_size: undefined };
    expect(await refusal(write({ symbolic: true, config: none }))).toContain(
      'neither past_key_values.0.key nor config.json says head_dim',
    );
  });
});
