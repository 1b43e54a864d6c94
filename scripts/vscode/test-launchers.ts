import path from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import type { Page } from 'playwright-core';
import { ensureBrowser } from './browser';
import type { Cleanup } from './cleanup';
import { codeServerObstacle, ensureCodeServer } from './code-server';
import { launch } from './launch';
import { ObstacleError } from './obstacle';
import { programCache } from './paths';
import { createProfile } from './profile';

export interface HostRun {
  /** The extension's folder. */
  readonly extension: string;
  /** The bundled suite. */
  readonly tests: string;
  readonly workspace: string;
  /** Variables the suite needs. */
  readonly env: NodeJS.ProcessEnv;
  /** Print what VS Code itself prints. */
  readonly verbose: boolean;
  readonly log: (line: string) => void;
}

/** One kind of VS Code to run the suite in. */
export interface HostLauncher {
  readonly name: string;
  /**
   * Fetches what is missing.
   * @throws {ObstacleError} where it cannot be had or shown on this machine
   */
  prepare(log: (line: string) => void): Promise<unknown>;
  /** Resolves with the extension host's exit code. */
  run(run: HostRun, cleanup: Cleanup): Promise<number>;
}

/**
 * Chooses by what is asked for (STEPLENS_VSCODE = `electron` or `code-server`; VSCODE_EXECUTABLE names a desktop VS
 * Code), else code-server where it runs, else a downloaded desktop VS Code.
 * @throws Error where STEPLENS_VSCODE has another value.
 */
export function chooseLauncher(env = process.env): HostLauncher {
  const wanted = env.STEPLENS_VSCODE;
  if (wanted && wanted !== 'electron' && wanted !== 'code-server') {
    throw new Error(`STEPLENS_VSCODE must be electron or code-server, not ${wanted}`);
  }
  const electron = wanted ? wanted === 'electron' : Boolean(env.VSCODE_EXECUTABLE || codeServerObstacle());
  return electron
    ? { name: 'desktop VS Code', prepare: desktop, run: runInElectron }
    : { name: 'code-server', prepare: prepareCodeServer, run: runInCodeServer };
}

async function prepareCodeServer(log: (line: string) => void): Promise<void> {
  await ensureCodeServer(log);
  await ensureBrowser(log);
}

async function runInCodeServer(run: HostRun, cleanup: Cleanup): Promise<number> {
  let ended: (code: number) => void = () => undefined;
  const exit = new Promise<number>((resolve) => {
    ended = resolve;
  });
  const beforeLoad = async (page: Page) => {
    // The workbench calls these two when it runs a test suite: its end, and what it would have logged.
    await page.exposeFunction('codeAutomationExit', (code: number) => ended(code));
    await page.exposeFunction('codeAutomationLog', () => undefined);
    page.on('crash', () => ended(-1));
    if (run.verbose) {
      page.on('console', (message) => console.log(`  [${message.type()}] ${message.text()}`));
    }
  };
  const { extension, tests, workspace, env, log } = run;
  await launch({ workspace, development: { extension, tests }, env, beforeLoad, log }, cleanup);
  return exit;
}

async function runInElectron(run: HostRun, cleanup: Cleanup): Promise<number> {
  const profile = await createProfile(cleanup);
  const vscodeExecutablePath = await desktop();
  return runTests({
    vscodeExecutablePath,
    extensionDevelopmentPath: run.extension,
    extensionTestsPath: run.tests,
    extensionTestsEnv: run.env,
    launchArgs: [
      run.workspace,
      `--user-data-dir=${profile.userData}`,
      `--extensions-dir=${profile.extensions}`,
      '--disable-telemetry',
    ],
  });
}

/** The executable that VSCODE_EXECUTABLE names, else the current stable VS Code, downloaded into the program cache once. */
async function desktop(): Promise<string> {
  const { DISPLAY, WAYLAND_DISPLAY, VSCODE_EXECUTABLE } = process.env;
  if (process.platform === 'linux' && !DISPLAY && !WAYLAND_DISPLAY) {
    throw new ObstacleError(
      'desktop VS Code needs a display: run under xvfb-run, or set STEPLENS_VSCODE=code-server',
    );
  }
  if (VSCODE_EXECUTABLE) {
    return VSCODE_EXECUTABLE;
  }
  try {
    return await downloadAndUnzipVSCode({ cachePath: path.join(programCache(), 'vscode-desktop') });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ObstacleError(
      `VS Code could not be downloaded (${reason}): name one in VSCODE_EXECUTABLE, or set STEPLENS_VSCODE=code-server`,
    );
  }
}
