import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { ModelImportError } from '../../../src/models';
import { importModel } from '../../../src/models/import/import-model';

const FIXTURES = 'test/fixtures/models';
const scratch = mkdtempSync(join(tmpdir(), 'steplens-refusals-'));
afterAll(() => rmSync(scratch, { recursive: true }));
let count = 0;

type Json = Record<string, unknown>;

/** A copy of a fixture folder. */
function copyOf(name: string): string {
  const folder = join(scratch, `${name}-${count++}`);
  cpSync(join(FIXTURES, name), folder, { recursive: true });
  return folder;
}

function editJson(file: string, edit: Json): void {
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...edit }));
}

/** Rewrites the header of a safetensors file; offsets stay what they are. */
function editHeader(file: string, edit: (header: Record<string, Json>) => unknown): void {
  const bytes = readFileSync(file);
  const length = Number(bytes.readBigUInt64LE());
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString('utf8'));
  edit(header);
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  writeFileSync(file, Buffer.concat([size, text, bytes.subarray(8 + length)]));
}

/** Says why it is refused, and makes sure that nothing was left on the disk. */
async function refusal(path: string, precision: 'fp32' | 'q4' = 'fp32'): Promise<string> {
  const parent = join(scratch, `out-${count++}`);
  mkdirSync(parent);
  const error = await importModel(path, { out: join(parent, 'model'), precision }).then(
    () => new Error('it was imported'),
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ModelImportError);
  expect(readdirSync(parent)).toEqual([]);
  return String(error);
}

describe('importing refuses', () => {
  it.each<[string, string, Json, RegExp]>([
    ['another family', 'llama3', { model_type: 'gemma3' }, /gemma3; what can be imported is llama/],
    ['no family', 'llama3', { model_type: undefined }, /without a model_type/],
    ['a name that no family has', 'llama3', { model_type: 'constructor' }, /the model is constructor/],
    ['quantised weights', 'llama3', { quantization_config: { quant_method: 'gptq' } }, /quantised \(gptq\)/],
    ['another activation', 'llama3', { hidden_act: 'gelu' }, /gelu, not silu/],
    [
      'other positions',
      'qwen2',
      { rope_scaling: { rope_type: 'yarn', factor: 4 }, rope_parameters: null },
      /yarn/,
    ],
    ['heads that rotate in part', 'qwen2', { partial_rotary_factor: 0.5 }, /only a part of each head/],
    ['an impossible size', 'qwen2', { num_hidden_layers: 1e9 }, /num_hidden_layers is 1000000000/],
    ['a size that is no number', 'qwen2', { hidden_size: '32' }, /hidden_size is no number/],
    ['a missing size', 'qwen2', { intermediate_size: null }, /does not say intermediate_size/],
    ['a layer too many', 'qwen2', { num_hidden_layers: 3 }, /model\.layers\.2\.\S+ is missing/],
    ['a layer too few', 'qwen2', { num_hidden_layers: 1 }, /model\.layers\.1\.\S+ has no place/],
    [
      'another shape',
      'qwen2',
      { vocab_size: 100 },
      /embed_tokens\.weight has the shape \[128,32\].*\[100,32\]/,
    ],
    ['biases that the config denies', 'llama3', { attention_bias: false }, /bias has no place/],
    [
      'a head that the config denies',
      'smollm2',
      { tie_word_embeddings: false },
      /lm_head\.weight is missing/,
    ],
    ['heads of an odd size', 'qwen3', { head_dim: 4 }, /no multiple of 8/],
    ['key heads that do not fit', 'qwen3', { num_key_value_heads: 3 }, /4 heads cannot share 3/],
  ])('%s', async (_, name, edit, reason) => {
    const folder = copyOf(name);
    editJson(join(folder, 'config.json'), edit);
    expect(await refusal(folder)).toMatch(reason);
  });

  it('a folder without a tokenizer', async () => {
    const folder = copyOf('qwen2');
    rmSync(join(folder, 'tokenizer.json'));
    expect(await refusal(folder)).toMatch(/no tokenizer\.json; transformers' AutoTokenizer makes one/);
  });

  it('pickles, other files and what is not there', async () => {
    const folder = copyOf('qwen2');
    rmSync(join(folder, 'model.safetensors'));
    expect(await refusal(folder)).toMatch(/neither safetensors weights nor a GGUF file/);
    writeFileSync(join(folder, 'pytorch_model.bin'), 'x');
    expect(await refusal(folder)).toMatch(/pickles/);
    expect(await refusal(join(folder, 'config.json'))).toMatch(/neither a GGUF file nor safetensors/);
    expect(await refusal(join(folder, 'nowhere'))).toMatch(/no such file/);
  });

  it('weights that are cut off', async () => {
    const folder = copyOf('qwen2');
    const weights = join(folder, 'model.safetensors');
    truncateSync(weights, readFileSync(weights).length - 100);
    expect(await refusal(folder)).toMatch(/cut off/);
    truncateSync(weights, 20);
    expect(await refusal(folder)).toMatch(/cut off or no safetensors file/);
    truncateSync(weights, 3);
    expect(await refusal(folder)).toMatch(/cut off or no safetensors file/);
  });

  it.each<[string, (tensor: Json) => void, RegExp]>([
    ['a type that is not floats', (t) => Object.assign(t, { dtype: 'I8' }), /stored as I8/],
    ['a type that no file has', (t) => Object.assign(t, { dtype: 'toString' }), /stored as toString/],
    ['a place outside', (t) => Object.assign(t, { data_offsets: [1e12, 1e12 + 4] }), /damaged/],
    ['a negative place', (t) => Object.assign(t, { data_offsets: [-8, 0] }), /damaged/],
    ['another size than its shape', (t) => Object.assign(t, { shape: [1, 1] }), /damaged/],
  ])('a tensor with %s', async (_, edit, reason) => {
    const folder = copyOf('qwen2');
    editHeader(join(folder, 'model.safetensors'), (header) => edit(header['model.norm.weight'] ?? {}));
    expect(await refusal(folder)).toMatch(reason);
  });

  it('parts that are missing, outside the folder, or not named', async () => {
    const folder = copyOf('llama3');
    const index = join(folder, 'model.safetensors.index.json');
    const [first = ''] = readdirSync(folder).filter((name) => name.startsWith('model-'));
    cpSync(join(folder, first), join(scratch, 'outside.safetensors'));
    rmSync(join(folder, first));
    expect(await refusal(folder)).toMatch(/is missing/);
    for (const name of [
      '../outside.safetensors',
      join(scratch, 'outside.safetensors'),
      'a\\b.safetensors',
      7,
    ]) {
      writeFileSync(index, JSON.stringify({ weight_map: { x: name } }));
      expect(await refusal(folder)).toMatch(/names no safetensors files of its own folder/);
    }
    rmSync(index);
    expect(await refusal(folder)).toMatch(/several safetensors files and no model\.safetensors\.index\.json/);
  });

  it('GGUF files that are cut off or something else', async () => {
    const file = join(scratch, 'cut.gguf');
    const whole = readFileSync(join(FIXTURES, 'qwen2.gguf'));
    for (const length of [whole.length - 100, Math.floor(whole.length / 2), 2000, 100, 8]) {
      writeFileSync(file, whole.subarray(0, length));
      expect(await refusal(file)).toMatch(/cut off or damaged|no readable GGUF/);
    }
    writeFileSync(file, 'GGUX');
    expect(await refusal(file)).toMatch(/neither a GGUF file/);
  });

  it('blocks that do not fit', async () => {
    const folder = copyOf('qwen3');
    editJson(join(folder, 'config.json'), { hidden_size: 24 });
    expect(await refusal(folder, 'q4')).toMatch(/has the shape/);
  });

  it('names with escape sequences, without them', async () => {
    const folder = copyOf('qwen2');
    editHeader(join(folder, 'model.safetensors'), (header) => {
      header['\u001b[31mred\u202e'] = { ...header['model.norm.weight'] };
    });
    const reason = await refusal(folder);
    expect(reason).toMatch(/red has no place/);
    expect(reason).not.toMatch(/\p{C}/u);
  });
});
