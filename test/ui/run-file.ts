import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cleanup } from '../../scripts/vscode/cleanup';
import { launch } from '../../scripts/vscode/launch';
import { REPO } from '../../scripts/vscode/paths';
import { PATIENCE_MS } from '../../scripts/vscode/patience';
import type { TestReport } from '../../scripts/vscode/test-report';
import { addPageScript } from './driver/page-script';
import type { ScenarioFile, Setup } from './driver/scenarios';
import { Ui } from './driver/ui';

/** Hard limit of one scenario, over every wait in it. */
const SCENARIO_LIMIT_MS = 5 * PATIENCE_MS;

export interface FileRun {
  /** Names the file in titles and screenshots. */
  readonly name: string;
  readonly file: ScenarioFile;
  /** The folder where the extension is installed. */
  readonly extensions: string;
  readonly grep: RegExp | undefined;
  readonly verbose: boolean;
  readonly log: (line: string) => void;
}

/** Starts a VS Code for the file and runs its scenarios in it, one after the other. */
export async function runScenarioFile(run: FileRun, report: TestReport, cleanup: Cleanup): Promise<void> {
  const { name, file, grep } = run;
  const chosen = Object.entries(file.scenarios).filter(([title]) => !grep || grep.test(`${name}: ${title}`));
  if (chosen.length === 0) {
    return;
  }
  const ui = await start(run, cleanup);
  for (const [title, scenario] of chosen) {
    const start = Date.now();
    const full = `${name}: ${title}`;
    try {
      await limited(scenario(ui), SCENARIO_LIMIT_MS);
      report.take({ type: 'passed', title: full, ms: Date.now() - start });
    } catch (error) {
      if (cleanup.interrupted) {
        return;
      }
      const picture = await ui
        .screenshot(`failed ${full}`.replaceAll(/[^\w]+/g, '-'))
        .catch(() => 'no picture');
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report.take({ type: 'failed', title: full, ms: Date.now() - start, error: `${text}\n${picture}` });
      await ui.calmDown().catch(() => undefined);
    }
  }
}

async function start(run: FileRun, cleanup: Cleanup): Promise<Ui> {
  const { setup } = run.file;
  const workspace = await prepareWorkspace(setup, cleanup);
  const launched = await launch(
    {
      workspace,
      ...(setup.settings ? { settings: setup.settings } : {}),
      extensions: run.extensions,
      log: run.log,
      ...(setup.open === undefined ? {} : { file: path.join(workspace, setup.open) }),
      ...(setup.env ? { env: setup.env } : {}),
      ...(setup.viewport ? { viewport: setup.viewport } : {}),
      ...(setup.untrusted ? { untrusted: true } : {}),
      beforeLoad: async (page) => {
        await addPageScript(page);
        if (run.verbose) {
          page.on('console', (message) => console.log(`  [${message.type()}] ${message.text()}`));
        }
      },
    },
    cleanup,
  );
  const ui = new Ui(launched, workspace);
  await ui.ready();
  return ui;
}

async function prepareWorkspace(setup: Setup, cleanup: Cleanup): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'steplens-ui-'));
  await cleanup.add(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = path.join(folder, 'workspace');
  await cp(path.resolve(REPO, setup.workspace ?? 'examples'), workspace, { recursive: true });
  for (const [file, content] of Object.entries(setup.files ?? {})) {
    const to = path.join(workspace, file);
    await mkdir(path.dirname(to), { recursive: true });
    await writeFile(to, content);
  }
  return workspace;
}

async function limited(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`took longer than ${ms / 1000} s`)), ms);
  });
  try {
    await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
