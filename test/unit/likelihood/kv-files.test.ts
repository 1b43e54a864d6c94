import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { onnx } from 'onnx-proto';
import { Tensor } from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromFloat16 } from '../../../src/likelihood/onnx/float16';
import { KvLogits } from '../../../src/likelihood/onnx/kv-logits';
import { readOnnxFile } from '../../../src/likelihood/onnx/onnx-file';
import { writeTinyHf } from '../../support/tiny-hf';

describe('the data files that an ONNX file names', () => {
  let folder: string;
  let file: string;
  let real: Buffer;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'steplens-onnx-'));
    file = join(folder, 'some.onnx');
    const model = writeTinyHf();
    real = readFileSync(join(model, 'onnx/model.onnx'));
    rmSync(model, { recursive: true });
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const locations = (bytes: Uint8Array): string[] => {
    writeFileSync(file, bytes);
    return [...readOnnxFile(file).data.keys()];
  };

  const stored = (location: string): onnx.ITensorProto => ({
    name: location,
    dataType: 1,
    dims: [4],
    dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
    externalData: [
      { key: 'offset', value: '0' },
      { key: 'location', value: location },
      { key: 'length', value: '16' },
    ],
  });

  it('are found wherever a tensor can stand', () => {
    const inside = (location: string): onnx.IGraphProto => ({ initializer: [stored(location)] });
    const { AttributeType } = onnx.AttributeProto;
    const bytes = onnx.ModelProto.encode({
      irVersion: 10,
      producerName: 'location',
      graph: {
        initializer: [
          stored('first'),
          stored('first'),
          { name: 'inline', rawData: Buffer.alloc(100_000, 0x6a) },
        ],
        sparseInitializer: [{ values: stored('sparse values'), indices: stored('sparse indices') }],
        node: [
          {
            opType: 'If',
            attribute: [
              { name: 'then', type: AttributeType.GRAPH, g: inside('branch') },
              { name: 'both', type: AttributeType.GRAPHS, graphs: [inside('one'), inside('other')] },
              { name: 'value', type: AttributeType.TENSOR, t: stored('constant') },
              { name: 'values', type: AttributeType.TENSORS, tensors: [stored('constants')] },
            ],
          },
        ],
      },
      trainingInfo: [{ initialization: inside('training'), algorithm: inside('algorithm') }],
    }).finish();
    expect(locations(bytes).sort()).toEqual(
      ['first', 'sparse values', 'sparse indices', 'branch', 'one', 'other', 'constant', 'constants']
        .concat(['training', 'algorithm'])
        .sort(),
    );
  });

  it('of a real graph are its one data file, and none where the weights are inside', () => {
    expect(locations(real)).toEqual(['model.onnx_data']);
    expect(locations(onnx.ModelProto.encode({ graph: { initializer: [{ name: 'x' }] } }).finish())).toEqual(
      [],
    );
  });

  it('are needed up to the last byte that a tensor lies in', () => {
    const part = (offset: string, length: string): onnx.ITensorProto => ({
      externalData: [
        { key: 'length', value: length },
        { value: 'data', key: 'location' },
        { key: 'offset', value: offset },
      ],
    });
    const graph = { initializer: [part('64', '100'), part('4096', '16'), part('0', '64')] };
    writeFileSync(file, onnx.ModelProto.encode({ graph }).finish());
    expect([...readOnnxFile(file).data]).toEqual([['data', 4112]]);
  });

  it('do not tell of operators that the file defines itself', () => {
    const node = ['', 'com.microsoft', 'own', 'foreign'].map((domain) => ({ opType: 'F', domain }));
    const model = onnx.ModelProto.encode({ graph: { node } }).finish();
    // onnx-proto knows no functions: field 25 of the model, with field 10, the domain.
    const ofDomainOwn = Buffer.from([0xca, 0x01, 5, 0x52, 3, ...Buffer.from('own')]);
    writeFileSync(file, Buffer.concat([model, ofDomainOwn]));
    expect(readOnnxFile(file).domains).toEqual(['', 'com.microsoft', 'foreign']);
  });

  it('are read or refused from whatever bytes, quickly', () => {
    const refused = /it (is cut off or damaged|is not in|holds no graph|has an impossibly)|nested too deep/;
    const read = (bytes: Uint8Array) => {
      try {
        locations(bytes);
      } catch (error) {
        expect((error as Error).message).toMatch(refused);
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), read), { numRuns: 300 });
    const damage = fc.array(fc.tuple(fc.nat(real.length - 1), fc.nat(255)), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(damage, fc.nat(real.length), (changes, length) => {
        const bytes = Buffer.from(real);
        for (const [at, value] of changes) bytes[at] = value;
        read(bytes.subarray(0, length));
        read(bytes);
      }),
      { numRuns: 150 },
    );
  });

  it('are not looked for in graphs without end', () => {
    let graph: onnx.IGraphProto = { initializer: [stored('deep')] };
    for (let depth = 0; depth < 40; depth++) graph = { node: [{ attribute: [{ name: 'g', g: graph }] }] };
    expect(() => locations(onnx.ModelProto.encode({ graph }).finish())).toThrow('nested too deep');
  });
});

describe('log-probabilities from logits', () => {
  const logits = (rows: number[][][], kept = rows[0]?.length ?? 0, tokens = kept) =>
    new KvLogits(
      new Tensor('float32', Float32Array.from(rows.flat(2)), [rows.length, kept, rows[0]?.[0]?.length ?? 0]),
      rows.length,
      tokens,
    );

  it('are the log softmax, also of logits whose exponentials overflow', () => {
    const [a = 0, b = 0, c = 0] = logits([[[1, 2, 3]]]).logProbs(0, 0, [0, 1, 2]);
    expect(Math.exp(a) + Math.exp(b) + Math.exp(c)).toBeCloseTo(1, 12);
    expect([b - a, c - b]).toEqual([1, 1]);
    expect(logits([[[10_000, 9_990]]]).logProbs(0, 0, [1])[0]).toBeCloseTo(
      -10 - Math.log1p(Math.exp(-10)),
      6,
    );
    expect(logits([[[-10_000, -10_000]]]).logProbs(0, 0, [0])[0]).toBeCloseTo(-Math.LN2, 12);
    expect(logits([[[0, Number.NEGATIVE_INFINITY]]]).logProbs(0, 0, [0, 1])).toEqual([
      0,
      Number.NEGATIVE_INFINITY,
    ]);
  });

  it('do not lose the many unlikely tokens of a large vocabulary', () => {
    const row = [20, ...Array<number>(200_000).fill(0)];
    const expected = -Math.log1p(200_000 * Math.exp(-20));
    expect(logits([[row]]).logProbs(0, 0, [0])[0]).toBeCloseTo(expected, 9);
  });

  it('are those of the row and token asked for, also where only the last ones are given', () => {
    const rows = [
      [
        [0, 1],
        [0, 2],
      ],
      [
        [0, 3],
        [0, 4],
      ],
    ];
    const expected = (logit: number) => -Math.log1p(Math.exp(logit));
    expect(logits(rows).logProbs(1, 0, [0])[0]).toBeCloseTo(expected(3), 6);
    const last = logits(rows, 2, 5);
    expect(last.logProbs(1, 4, [0])[0]).toBeCloseTo(expected(4), 6);
    expect(() => last.logProbs(0, 2, [0])).toThrow('logits of the last 2 tokens only');
  });

  it('are refused where the logits are no numbers, or have another shape', () => {
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => logits([[[0, bad]]]).logProbs(0, 0, [0])).toThrow('not finite numbers');
    }
    const nothing = Number.NEGATIVE_INFINITY;
    expect(() => logits([[[nothing, nothing]]]).logProbs(0, 0, [0])).toThrow('not finite numbers');
    const tensor = new Tensor('float32', new Float32Array(6), [1, 3, 2]);
    expect(() => new KvLogits(tensor, 2, 3)).toThrow('[1,3,2] after 2 rows of 3 tokens');
    expect(() => new KvLogits(tensor, 1, 2)).toThrow('[1,3,2] after 1 rows of 2 tokens');
  });

  it('come from 16-bit floats as they are', () => {
    expect([0, 0x3c00, 0xc000, 0x7bff, 0x0001, 0x03ff, 0x0400, 0x3555, 0x8000].map(fromFloat16)).toEqual([
      0,
      1,
      -2,
      65504,
      2 ** -24,
      1023 * 2 ** -24,
      2 ** -14,
      0.333251953125,
      -0,
    ]);
    expect([0x7c00, 0xfc00, 0x7e00].map(fromFloat16)).toEqual([
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
    const tensor = new Tensor('float16', Uint16Array.of(0, 0x4000), [1, 1, 2]);
    expect(new KvLogits(tensor, 1, 1).logProbs(0, 0, [1])[0]).toBeCloseTo(-Math.log1p(Math.exp(-2)), 12);
  });
});
