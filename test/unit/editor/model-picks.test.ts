import { describe, expect, it } from 'vitest';
import { modelPicks, sizeText } from '../../../src/editor/model/model-picks';
import type { ModelInfo } from '../../../src/models';

const info = (name: string, more: Partial<ModelInfo> = {}): ModelInfo => ({
  name,
  folder: `/models/${name}`,
  kind: 'onnx',
  size: 139_700_000,
  ...more,
});
const bundled = info('bundled', {
  kind: 'packed',
  licence: 'apache-2.0',
  usage: { lastUsed: '2026-01-02T00:00:00Z', speed: 254 },
});
const labels = (...args: Parameters<typeof modelPicks>) => modelPicks(...args).map(({ label }) => label);

describe('the lines of Choose Model', () => {
  it('are the models of this machine, the chosen one marked, and the ways to others', () => {
    expect(labels([bundled, info('owner/name@q4')], '', ['server', 'import'])).toEqual([
      '$(check) Bundled model',
      'owner/name@q4',
      'Another one',
      '$(folder) Browse…',
      '$(cloud-download) Download…',
      '$(server) Server…',
      '$(file-binary) Import GGUF…',
    ]);
    expect(labels([bundled, info('mine')], '/models/mine', [])).toEqual([
      'Bundled model',
      '$(check) mine',
      'Another one',
      '$(folder) Browse…',
      '$(cloud-download) Download…',
    ]);
  });

  it('have the folder of the setting too, wherever it is', () => {
    const picks = modelPicks([bundled], '/elsewhere/model', []);
    expect(picks[1]).toEqual({
      label: '$(check) /elsewhere/model',
      action: { kind: 'folder', folder: '/elsewhere/model' },
    });
  });

  it('say size, licence, speed and last use, and what is wrong', () => {
    const [first, second] = modelPicks(
      [bundled, info('broken', { kind: 'broken', problem: 'no graph' })],
      '',
      [],
    );
    expect(first?.description).toMatch(/^140 MB · apache-2\.0 · 254 tokens\/s · last used .*2026/);
    expect(second).toMatchObject({ description: '140 MB', detail: '$(warning) no graph' });
  });

  it('leave out weights that cannot be used before they are imported', () => {
    expect(labels([bundled, info('weights', { kind: 'weights' })], '', [])).not.toContain('weights');
  });

  it('give sizes as disks are sold', () => {
    expect([1, 1_500_000, 139_700_000, 2_510_000_000].map(sizeText)).toEqual([
      '0.1 MB',
      '1.5 MB',
      '140 MB',
      '2.5 GB',
    ]);
  });
});
