import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Text } from '../../../src/likelihood/likelihood-model';
import { chatFrame } from '../../../src/likelihood/onnx/chat-frame';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { loadTokenizer } from '../../../src/likelihood/onnx/tokenizer';
import { fromWire, toWire } from '../../../src/likelihood/process/wire';
import { largestDifference, scoreSeparately } from '../../support/separate';
import { tinyTokenizer, writeTinyModel } from '../../support/tiny-llama';

const scratch = mkdtempSync(join(tmpdir(), 'steplens-chat-'));
afterAll(() => rmSync(scratch, { recursive: true }));

const CHATML =
  "{% for m in messages %}{{ '<|im_start|>' + m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";
const LLAMA2 = "{{ bos_token }}{% for m in messages %}{{ '[INST] ' + m.content + ' [/INST]' }}{% endfor %}";

/** The bundled model's tokenizer files, with some fields of its config changed. */
function tokenizerFolder(config: object): string {
  const folder = mkdtempSync(join(scratch, 'tokenizer-'));
  cpSync('model/tokenizer.json', join(folder, 'tokenizer.json'));
  const known = JSON.parse(readFileSync('model/tokenizer_config.json', 'utf8'));
  writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ ...known, ...config }));
  return folder;
}

/** A question as a user's message, and what the assistant says. */
function chat(question: string, said = ''): Text {
  const message: Text = { before: { piece: '', frame: 'before' }, piece: question };
  const asked: Text = { before: message, piece: '', frame: 'after' };
  return said === '' ? asked : { before: asked, piece: said };
}

describe('a chat frame', () => {
  it('is what the template puts around a message', () => {
    expect(chatFrame(CHATML, {})).toEqual({
      before: '<|im_start|>user\n',
      after: '<|im_end|>\n<|im_start|>assistant\n',
    });
    expect(chatFrame(LLAMA2, { bos_token: '<s>' })).toEqual({ before: '<s>[INST] ', after: ' [/INST]' });
  });

  it('does not depend on the day', () => {
    const dated = `{% if strftime_now is defined %}{{ strftime_now('%d %b %Y') }}{% endif %} ${CHATML}`;
    expect(chatFrame(dated, {}).before).toBe('26 Jul 2024 <|im_start|>user\n');
  });

  it.each<[string, string | undefined, RegExp]>([
    ['no template', undefined, /no chat template/],
    ['a template that is cut off', '{% for m in messages %}', /cannot be used/],
    ['one that refuses', "{{ raise_exception('only with a system prompt') }}", /only with a system prompt/],
    ['one that changes the message', '{{ messages[0].content | upper }}', /does not keep a message/],
    ['one that says it twice', '{{ messages[0].content + messages[0].content }}', /does not keep a message/],
    ['one of a megabyte', ' '.repeat(2 ** 20), /impossibly large/],
  ])('refuses %s', (_, template, reason) => {
    expect(() => chatFrame(template, {})).toThrow(reason);
  });
});

describe('special tokens', () => {
  const ids = { start: 1, end: 2 }; // <|im_start|>, <|im_end|> of the bundled tokenizer

  it('are encoded in the frame', async () => {
    const { encode } = await loadTokenizer('model');
    expect(encode('', 'before')[0]).toBe(ids.start);
    expect(encode('', 'after')).toEqual([
      ids.end,
      ...encode('\n'),
      ids.start,
      ...encode('assistant'),
      ...encode('\n'),
    ]);
  });

  it('are never encoded in text, whatever it spells', async () => {
    const { encode, decode } = await loadTokenizer('model');
    const { added_tokens: added } = JSON.parse(readFileSync('model/tokenizer.json', 'utf8')) as {
      added_tokens: { id: number; content: string; special: boolean }[];
    };
    const special = new Set(added.filter((t) => t.special).map((t) => t.id));
    const spelled = fc.constantFrom(...added.map((t) => t.content), '<|', '|>', 'im_end');
    const text = fc
      .array(fc.oneof(spelled, fc.string()), { minLength: 1 })
      .map((parts) => parts.join('') || ' ');
    fc.assert(
      fc.property(text, (piece) => {
        const found = encode(piece);
        expect(found.filter((id) => special.has(id))).toEqual([]);
        expect(decode(found)).toBe(piece);
      }),
    );
  });

  it('stand once at the beginning where the template has the start as well', async () => {
    const { start, encode } = await loadTokenizer(
      tokenizerFolder({ add_bos_token: true, bos_token: '<|im_start|>', chat_template: LLAMA2 }),
    );
    expect(start).toEqual([ids.start]);
    expect(encode('', 'before')).toEqual(encode('[INST] '));
  });

  it('are taken from a template of its own file, or a named one, first', async () => {
    const folder = tokenizerFolder({ chat_template: [{ name: 'default', template: LLAMA2 }] });
    expect((await loadTokenizer(folder)).encode('', 'after')).not.toContain(ids.start);
    writeFileSync(join(folder, 'chat_template.jinja'), CHATML);
    expect((await loadTokenizer(folder)).encode('', 'after')).toContain(ids.start);
  });
});

describe('scoring in a chat frame', () => {
  const contexts = [chat('two and two?'), chat('two and two?', 'it is four.'), chat('two?', 'it is four.')];
  const requests = contexts.flatMap((context) => ['4', '42'].map((target) => ({ context, target })));

  it('crosses the process boundary', () => {
    const back = fromWire(JSON.parse(JSON.stringify(toWire(requests))));
    expect(back).toEqual(requests);
  });

  it('shares the frame and equals the same tokens as plain text', async () => {
    const folder = writeTinyModel();
    const template = '{% for m in messages %}{{ "U:" + m.content + "|A:" }}{% endfor %}';
    writeFileSync(join(folder, 'tokenizer_config.json'), JSON.stringify({ chat_template: template }));
    writeFileSync(join(folder, 'tokenizer.json'), JSON.stringify(tinyTokenizer()));
    const model = await loadModel(folder, { threads: 1 });
    const plain = (question: string, said = '') => ({ piece: `U:${question}|A:${said}` });
    const spelled = [
      plain('two and two?'),
      plain('two and two?', 'it is four.'),
      plain('two?', 'it is four.'),
    ];
    const framed = await model.score(requests);
    const same = spelled.flatMap((context) => ['4', '42'].map((target) => ({ context, target })));
    expect(largestDifference(framed.likelihoods, await scoreSeparately(model, same))).toBeLessThan(5e-5);
    expect(framed.work.distinctPositions).toBeLessThan(framed.work.naivePositions / 2);
    await model.dispose();
  });

  it('says so where the model has no template', async () => {
    const model = await loadModel(writeTinyModel(), { threads: 1 });
    await expect(model.score(requests)).rejects.toThrow(/no chat template/);
    await model.dispose();
  });
});
