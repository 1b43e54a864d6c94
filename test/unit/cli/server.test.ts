import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type StubServer, startStub } from '../../support/stub-server';
import { Workplace } from '../labels/workplace';
import { Program } from './program';

let steplens: Program;
let server: StubServer;
beforeAll(async () => {
  steplens = await Program.build();
  server = await startStub({ dialect: 'vllm', key: 'very-secret' });
}, 60_000);
afterAll(async () => {
  steplens.remove();
  await server.close();
});

let place: Workplace;
beforeEach(() => {
  place = new Workplace(11);
  process.env.STEPLENS_API_KEY = 'very-secret';
});
afterEach(() => {
  place.remove();
  delete process.env.STEPLENS_API_KEY;
});

describe('steplens with a server', () => {
  it('labels in one run or in shards that merge into the same bytes; the key is nowhere', async () => {
    const run = await steplens.run('label', place.source, '--server', server.url);
    expect(run).toMatchObject({ code: 0 });
    expect(run.stderr).toMatch(/vLLM, model stub-model, prompt_logprobs/);
    const bytes = place.bytes();
    expect(place.records()[0]?.model.name).toBe('stub-model');
    for (const part of ['1/2', '2/2']) {
      const shard = await steplens.run('label', place.source, '--server', server.url, '--shard', part);
      expect(shard).toMatchObject({ code: 0 });
      expect(shard.stdout).toMatch(/shard [12] of 2: \d traces.*steplens merge makes the labels/);
    }
    const shards = [2, 1].map((k) => join(place.folder, `traces.cpmi.shard-${k}-of-2.jsonl`));
    const refused = await steplens.run('merge', ...shards);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('--force overwrites it') });
    const merged = await steplens.run('merge', ...shards, '--force');
    expect(merged).toMatchObject({ code: 0, stderr: '' });
    expect(merged.stdout).toMatch(/traces\.cpmi\.jsonl: 9 traces/);
    expect(place.bytes()).toBe(bytes);
    const written = place.files().map((name) => readFileSync(join(place.folder, name), 'utf8'));
    expect([...written, run.stdout, run.stderr].join('\n')).not.toContain('very-secret');
  }, 60_000);

  it('scores; says what is wrong with the key, the address or the options', async () => {
    const scored = await steplens.run('score', place.source, '--server', `${server.url}/v1`, '--json');
    expect(JSON.parse(scored.stdout.split('\n')[0] ?? '')).toMatchObject({ model: { name: 'stub-model' } });
    process.env.OTHER_KEY = 'wrong';
    const wrong = await steplens.run(
      'score',
      place.source,
      '--server',
      server.url,
      '--server-key-env',
      'OTHER_KEY',
    );
    expect(wrong).toMatchObject({ code: 1, stdout: '' });
    expect(wrong.stderr).toMatch(
      /^steplens: .*wants another key.*; put it into the environment variable OTHER_KEY\n$/,
    );
    const both = await steplens.run('score', place.source, '--server', server.url, '--model', 'x');
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining('one of them is enough') });
    const address = await steplens.run('score', place.source, '--server', 'ftp://x');
    expect(address).toMatchObject({ code: 2, stderr: expect.stringContaining('begins with http') });
    const part = await steplens.run('label', place.source, '--shard', '3/2');
    expect(part).toMatchObject({ code: 2, stderr: expect.stringContaining('part k of n') });
  }, 60_000);
});
