import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ensureBrowser } from '../../../scripts/vscode/browser';
import { Cleanup, withCleanup } from '../../../scripts/vscode/cleanup';
import { programCache, REPO } from '../../../scripts/vscode/paths';
import type { TestEvent } from '../../../scripts/vscode/test-events';
import { chooseLauncher } from '../../../scripts/vscode/test-launchers';
import { EventFile, TestReport } from '../../../scripts/vscode/test-report';
import { workbenchUrl } from '../../../scripts/vscode/workbench-page';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'harness-'));
  vi.spyOn(console, 'log').mockImplementation(() => undefined);
});

afterEach(async () => {
  vi.restoreAllMocks();
  await rm(folder, { recursive: true, force: true });
});

const passed: TestEvent = { type: 'passed', title: 'a', ms: 1 };
const failed: TestEvent = { type: 'failed', title: 'b', ms: 1, error: 'no' };
const skipped: TestEvent = { type: 'skipped', title: 'c', ms: 0 };
const ended: TestEvent = { type: 'ended' };

describe('a test report', () => {
  it.each([
    { events: [passed, passed, ended], summary: '2 passed, 0 failed', succeeded: true },
    { events: [passed, failed, skipped, ended], summary: '1 passed, 1 failed, 1 skipped', succeeded: false },
    { events: [passed], summary: '1 passed, 0 failed', succeeded: false }, // the host died before the end
    { events: [ended], summary: '0 passed, 0 failed', succeeded: false }, // nothing was run
  ])('of $summary succeeds: $succeeded', ({ events, summary, succeeded }) => {
    const report = new TestReport();
    for (const event of events) {
      report.take(event);
    }
    expect(report.summary()).toBe(summary);
    expect(report.succeeded).toBe(succeeded);
  });
});

describe('an event file', () => {
  it('is followed across torn lines and torn characters, and need not exist yet', async () => {
    const file = path.join(folder, 'events.jsonl');
    const taken: TestEvent[] = [];
    const follower = new EventFile(file, (event) => taken.push(event));
    await follower.poll();
    const event: TestEvent = { type: 'passed', title: 'é 🙂', ms: 2 };
    const bytes = Buffer.from(`${JSON.stringify(event)}\n${JSON.stringify(ended)}\n`);
    for (const byte of bytes) {
      await appendFile(file, Buffer.from([byte]));
      await follower.poll();
    }
    expect(taken).toEqual([event, ended]);
  });
});

describe('the launcher', () => {
  it.each([
    [{ STEPLENS_VSCODE: 'electron' }, 'desktop VS Code'],
    [{ STEPLENS_VSCODE: 'code-server', VSCODE_EXECUTABLE: '/opt/code' }, 'code-server'],
    [{ VSCODE_EXECUTABLE: '/opt/code' }, 'desktop VS Code'],
  ])('for %o is %s', (env, name) => {
    expect(chooseLauncher(env).name).toBe(name);
  });

  it('refuses an unknown kind by name', () => {
    expect(() => chooseLauncher({ STEPLENS_VSCODE: 'emacs' })).toThrow(/electron or code-server, not emacs/);
  });
});

describe('places', () => {
  it('keep programs outside the repository unless told otherwise', () => {
    expect(path.relative(REPO, programCache({}))).toMatch(/^\.\./);
    expect(programCache({ STEPLENS_CACHE: folder })).toBe(folder);
  });

  it('name the browser that cannot be run', async () => {
    const asked = ensureBrowser(() => undefined, { CHROMIUM: path.join(folder, 'none') });
    await expect(asked).rejects.toThrow(/CHROMIUM names .*none/);
  });

  it('are escaped in the workbench address, with the page as authority', () => {
    const url = new URL(workbenchUrl('http://127.0.0.1:8080', '/tmp/a b', '/tmp/a b/x #2.jsonl'));
    expect(url.searchParams.get('folder')).toBe('/tmp/a b');
    const payload = JSON.parse(url.searchParams.get('payload') ?? '');
    expect(payload).toEqual([['openFile', 'vscode-remote://127.0.0.1:8080/tmp/a%20b/x%20%232.jsonl']]);
  });
});

describe('a clean-up', () => {
  it('undoes last first, goes on after a failure, and takes what comes late at once', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const done: string[] = [];
    const cleanup = new Cleanup();
    await cleanup.add(() => done.push('first'));
    await cleanup.add(() => {
      throw new Error('second fails');
    });
    const child = await cleanup.child();
    await child.add(() => done.push('of the child'));
    await cleanup.run();
    await child.add(() => done.push('late'));
    await cleanup.run();
    expect(done).toEqual(['of the child', 'first', 'late']);
  });

  it('runs after an error too, and the error goes on', async () => {
    let cleaned = false;
    const body = async (cleanup: Cleanup) => {
      await cleanup.add(() => {
        cleaned = true;
      });
      throw new Error('broken');
    };
    await expect(withCleanup(body)).rejects.toThrow('broken');
    expect(cleaned).toBe(true);
  });
});
