import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressesIn, originOf, serverOptions } from '../../../src/editor/model/server-choice';
import type { ServerKeys } from '../../../src/editor/model/server-keys';
import { ModelHost, UnusableModelError, wantsKey } from '../../../src/editor/scoring/model-host';
import type { Settings } from '../../../src/editor/settings';
import { checkedSetting, type SettingKey } from '../../../src/editor/settings-schema';
import { type StubServer, startStub } from '../../support/stub-server';
import { buildWorker } from '../../support/worker';

/** Settings and keys as the editor keeps them. */
const settings = (values: Partial<Record<SettingKey, unknown>>) =>
  ({ get: (key: SettingKey) => checkedSetting(key, values[key]) }) as unknown as Settings;
const keys = (known: Record<string, string>) =>
  ({
    of: async (origins: readonly string[]) =>
      Object.fromEntries(origins.flatMap((origin) => (known[origin] ? [[origin, known[origin]]] : []))),
  }) as unknown as ServerKeys;

describe('the choice of a server', () => {
  it('reads addresses apart from each other by blanks or commas, each once', () => {
    expect(addressesIn(' http://a:1/v1/, https://b/x/v1  a:1 ')).toEqual(['http://a:1', 'https://b/x']);
    expect(() => addressesIn('http://me:pw@a')).toThrow(/must not hold a name or a password/);
    expect(originOf('https://b/x')).toBe('https://b');
  });

  it('takes from the settings what they say, and the keys of those servers alone', async () => {
    const known = keys({ 'http://a:1': 'one', 'http://c': 'other' });
    expect(await serverOptions(settings({}), known)).toBeUndefined();
    expect(
      await serverOptions(
        settings({ 'model.server.urls': ['a:1/v1', 'http://b'], 'model.server.window': 512 }),
        known,
      ),
    ).toEqual({ urls: ['http://a:1', 'http://b'], keys: { 'http://a:1': 'one' }, window: 512 });
    expect(await serverOptions(settings({ 'model.server.urls': 'http://a' }), known)).toBeUndefined();
  });
});

describe('the model host with a server', () => {
  let worker: string;
  let server: StubServer;
  beforeAll(async () => {
    worker = await buildWorker();
    server = await startStub({ dialect: 'vllm', key: 'right' });
  }, 60_000);
  afterAll(async () => {
    rmSync(dirname(worker), { recursive: true });
    await server.close();
  });

  const said: string[] = [];
  const host = (key: string) => {
    const choice = () =>
      ({ folder: '', nodePath: undefined, runtime: 'auto', threads: undefined, onServer: true }) as const;
    const memory = { get: () => undefined, update: async () => {} };
    const options = async () => ({ urls: [server.url], keys: { [server.url]: key } });
    return new ModelHost(
      worker,
      choice,
      () => 0,
      memory,
      (line) => said.push(line),
      options,
    );
  };

  it('tries it out, knows the model only when it has asked, and scores', async () => {
    const own = host('right');
    try {
      expect((await own.tryOut({ urls: [server.url], keys: { [server.url]: 'right' } })).join()).toMatch(
        /vLLM, model stub-model/,
      );
      expect(await own.identity()).toBeUndefined();
      const context = { piece: 'Question: 1 and 1?' };
      const { likelihoods } = await own.use((model) =>
        model.score([{ context, target: 'The answer is: 2' }]),
      );
      expect(likelihoods[0]?.tokens).toBeGreaterThan(3);
      expect(await own.identity()).toMatchObject({ name: 'stub-model' });
      expect(said.join('\n')).toContain(server.url);
      expect(said.join('\n')).not.toContain('right');
    } finally {
      own.dispose();
    }
  }, 30_000);

  it('says that another key is wanted', async () => {
    const own = host('wrong');
    try {
      const error = await own.use(async () => 'never').catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnusableModelError);
      expect(wantsKey(error)).toBe(true);
      expect(wantsKey(new Error('other'))).toBe(false);
    } finally {
      own.dispose();
    }
  }, 30_000);
});
