import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { bundleSuite, findTestFiles } from './bundle-suite';
import { type Cleanup, withCleanup } from './cleanup';
import { runMain } from './obstacle';
import { REPO } from './paths';
import { EVENTS_VARIABLE, GREP_VARIABLE, REPO_VARIABLE } from './test-events';
import { chooseLauncher } from './test-launchers';
import { EventFile, TestReport } from './test-report';

/** A suite that takes longer than this hangs. */
const RUN_LIMIT_MS = 30 * 60_000;
const POLL_MS = 100;

const USAGE = `npm run test:vscode -- [--grep REGEXP] [--suite FOLDER] [--extension FOLDER] [--workspace FOLDER] [--verbose]
Runs the mocha suite (test/vscode/suite) in the extension host of a real VS Code.`;

interface Options {
  readonly suite: string;
  readonly extension: string;
  /** Copied before it is opened, so that tests may write in it. */
  readonly workspace: string;
  readonly grep: string | undefined;
  readonly verbose: boolean;
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      suite: { type: 'string', default: path.join(REPO, 'test/vscode/suite') },
      extension: { type: 'string', default: REPO },
      workspace: { type: 'string', default: path.join(REPO, 'examples') },
      grep: { type: 'string' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  return {
    suite: path.resolve(values.suite),
    extension: path.resolve(values.extension),
    workspace: path.resolve(values.workspace),
    grep: values.grep,
    verbose: values.verbose,
  };
}

/** Runs the suite and prints each test and the closing count. True where everything passed. */
async function testInHost(options: Options, cleanup: Cleanup): Promise<boolean> {
  const start = Date.now();
  const log = (line: string) => console.log(`[${((Date.now() - start) / 1000).toFixed(1)} s] ${line}`);
  const files = await findTestFiles(options.suite);
  if (files.length === 0) {
    throw new Error(`No *.test.ts under ${options.suite}`);
  }
  const launcher = chooseLauncher();
  await launcher.prepare(log);
  log(`${files.length} test files in ${launcher.name}`);
  const tests = await bundleSuite(files, cleanup);
  const folder = await mkdtemp(path.join(tmpdir(), 'steplens-tests-'));
  await cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = path.join(folder, 'workspace');
  await cp(options.workspace, workspace, { recursive: true });
  const events = path.join(folder, 'events.jsonl');
  const env = {
    [EVENTS_VARIABLE]: events,
    [REPO_VARIABLE]: REPO,
    ...(options.grep ? { [GREP_VARIABLE]: options.grep } : {}),
  };

  const report = new TestReport();
  const follower = new EventFile(events, (event) => report.take(event));
  const { extension, verbose } = options;
  const run = launcher.run({ extension, tests, workspace, env, verbose, log }, cleanup);
  const problem = await followUntilEnd(run, follower);
  if (cleanup.interrupted) {
    return false;
  }
  if (!report.complete) {
    const error = problem ?? 'The extension host ended before the suite did, or no test was chosen';
    report.take({ type: 'failed', title: 'the suite comes to its end', ms: Date.now() - start, error });
  } else if (problem && report.succeeded) {
    console.error(problem); // otherwise the failed tests say it
  }
  log('done');
  console.log(report.summary());
  return report.succeeded && !problem;
}

/** Polls the events until the host has ended. Returns what went wrong with the run itself, if anything. */
async function followUntilEnd(run: Promise<number>, follower: EventFile): Promise<string | undefined> {
  let over = false;
  const outcome = problemOf(run).finally(() => {
    over = true;
  });
  while (!over) {
    await Promise.race([outcome, sleep(POLL_MS)]);
    await follower.poll();
  }
  return outcome;
}

async function problemOf(run: Promise<number>): Promise<string | undefined> {
  try {
    const code = await Promise.race([run, sleep(RUN_LIMIT_MS, undefined, { ref: false })]);
    if (code === undefined) {
      return 'The run took too long and was ended';
    }
    return code === 0 ? undefined : `The extension host ended with code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.log(USAGE);
    return;
  }
  const passed = await withCleanup((cleanup) => testInHost(options, cleanup));
  process.exitCode = passed ? 0 : 1;
}

runMain(main);
