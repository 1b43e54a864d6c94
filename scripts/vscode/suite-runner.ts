import { appendFileSync } from 'node:fs';
import Mocha from 'mocha';
import { mapStack } from './map-stack';
import { PATIENCE_MS } from './patience';
import { EVENTS_VARIABLE, GREP_VARIABLE, type TestEvent } from './test-events';

/** A test waits for a few things, none of them longer than PATIENCE_MS; one that hangs is still caught. */
const TEST_LIMIT_MS = 5 * PATIENCE_MS;

/**
 * Runs a mocha suite inside the extension host. Bundled together with the test files; never used outside VS Code.
 * @param loaders one function a test file; calling it defines the file's tests.
 * @throws Error where a test failed, which VS Code turns into its exit code.
 */
export async function runSuite(loaders: readonly (() => unknown)[]): Promise<void> {
  const report = reporter();
  const mocha = new Mocha({
    ui: 'bdd',
    timeout: TEST_LIMIT_MS,
    fullTrace: true,
    reporter: Mocha.reporters.Base, // prints nothing: the events are the report
    ...(process.env[GREP_VARIABLE] ? { grep: new RegExp(process.env[GREP_VARIABLE]) } : {}),
  });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  for (const load of loaders) {
    load();
  }
  const failures = await new Promise<number>((resolve) => follow(mocha.run(resolve), report));
  report({ type: 'ended' });
  if (failures > 0) {
    throw new Error(`${failures} failed`);
  }
}

function follow(runner: Mocha.Runner, report: (event: TestEvent) => void): void {
  runner.on('pass', (test) => report({ type: 'passed', title: test.fullTitle(), ms: test.duration ?? 0 }));
  runner.on('pending', (test) => report({ type: 'skipped', title: test.fullTitle(), ms: 0 }));
  runner.on('fail', (test, error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    report({
      type: 'failed',
      title: test.fullTitle(),
      ms: test.duration ?? 0,
      error: mapStack(text, __filename),
    });
  });
}

function reporter(): (event: TestEvent) => void {
  const file = process.env[EVENTS_VARIABLE];
  if (!file) {
    throw new Error(`${EVENTS_VARIABLE} names no file to report to`);
  }
  // Synchronous, so that nothing reported is lost when the host ends the moment the suite does.
  return (event) => appendFileSync(file, `${JSON.stringify(event)}\n`);
}
