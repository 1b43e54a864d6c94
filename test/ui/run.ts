import path from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBrowser } from '../../scripts/vscode/browser';
import { findTestFiles } from '../../scripts/vscode/bundle-suite';
import { type Cleanup, withCleanup } from '../../scripts/vscode/cleanup';
import { ensureCodeServer } from '../../scripts/vscode/code-server';
import { installExtension } from '../../scripts/vscode/launch';
import { runMain } from '../../scripts/vscode/obstacle';
import { packageTarget } from '../../scripts/vscode/package-target';
import { LOCAL_CACHE } from '../../scripts/vscode/paths';
import { currentPlatform, targetNamed } from '../../scripts/vscode/targets';
import { TestReport } from '../../scripts/vscode/test-report';
import type { ScenarioFile } from './driver/scenarios';
import { runScenarioFile } from './run-file';

const USAGE = `npm run test:ui -- [--vsix FILE] [--grep REGEXP] [--scenarios FOLDER] [--files SUFFIX] [--verbose]
Installs the packaged extension in a real VS Code and drives it as a person would. Without --vsix the package is made
first, from dist/ as it is. Screenshots go to .cache/screenshots. SUFFIX is .ui.ts for the tests, .pictures.ts to take
the pictures of the documentation anew, .measure.ts to measure.`;

interface Options {
  readonly vsix: string | undefined;
  readonly grep: RegExp | undefined;
  readonly scenarios: string;
  /** How the files' names end. */
  readonly suffix: string;
  readonly verbose: boolean;
}

function readOptions(): Options | undefined {
  const { values } = parseArgs({
    options: {
      vsix: { type: 'string' },
      grep: { type: 'string' },
      scenarios: { type: 'string', default: __dirname },
      files: { type: 'string', default: '.ui.ts' },
      verbose: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    return undefined;
  }
  return {
    vsix: values.vsix && path.resolve(values.vsix),
    grep: values.grep === undefined ? undefined : new RegExp(values.grep),
    scenarios: path.resolve(values.scenarios),
    suffix: values.files,
    verbose: values.verbose,
  };
}

async function runAll(options: Options, cleanup: Cleanup): Promise<boolean> {
  const begin = Date.now();
  const log = (line: string) => console.log(`[${((Date.now() - begin) / 1000).toFixed(1)} s] ${line}`);
  const report = new TestReport();
  const files = await findTestFiles(options.scenarios, options.suffix);
  if (files.length === 0) {
    throw new Error(`No *${options.suffix} under ${options.scenarios}`);
  }
  await ensureBrowser(log);
  await ensureCodeServer(log);
  const vsix = options.vsix ?? (await makePackage(log));
  const extensions = await installExtension(vsix, cleanup, log);
  for (const source of files) {
    const ofFile = await cleanup.child();
    const { grep, verbose } = options;
    const name = path.basename(source, options.suffix);
    try {
      await runScenarioFile({ name, file: load(source), extensions, grep, verbose, log }, report, ofFile);
    } catch (error) {
      if (cleanup.interrupted) {
        return false;
      }
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report.take({ type: 'failed', title: `${name}: VS Code starts`, ms: Date.now() - begin, error: text });
    }
    await ofFile.run();
  }
  report.take({ type: 'ended' });
  log('done');
  console.log(report.summary());
  return report.succeeded;
}

async function makePackage(log: (line: string) => void): Promise<string> {
  const target = targetNamed(currentPlatform());
  const { file, bytes } = await packageTarget({ target, folder: path.join(LOCAL_CACHE, 'vsix') });
  log(`packaged, ${(bytes / 1e6).toFixed(1)} MB`);
  return file;
}

function load(source: string): ScenarioFile {
  const loaded: { default?: ScenarioFile } = require(source);
  if (!loaded.default) {
    throw new Error(`${source} has no default export: export default defineScenarios(...)`);
  }
  return loaded.default;
}

async function main(): Promise<void> {
  const options = readOptions();
  if (!options) {
    console.log(USAGE);
    return;
  }
  const passed = await withCleanup((cleanup) => runAll(options, cleanup));
  process.exitCode = passed ? 0 : 1;
}

runMain(main);
