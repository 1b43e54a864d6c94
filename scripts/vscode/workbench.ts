import { spawn } from 'node:child_process';
import { access, constants, readFile, symlink } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { type Cleanup, withCleanup } from './cleanup';
import { ensureCodeServer } from './code-server';
import { REPO } from './paths';
import { createProfile, type Profile } from './profile';
import { startServer } from './server';
import { workbenchUrl } from './workbench-page';

const USAGE = `npm run workbench -- [--folder FOLDER] [--port N]
Opens the examples with the extension, as it is built in dist/: in the VS Code that "code" starts where it is on the
PATH, else in a browser (code-server, on this machine only, until Ctrl-C). STEPLENS_VSCODE=code-server takes the latter
in any case.`;

interface Options {
  readonly folder: string;
  readonly extension: string;
  /** 0: any free port. */
  readonly port: number;
}

/** The full path of a program on the PATH, if it is there. */
async function findOnPath(name: string): Promise<string | undefined> {
  const names = process.platform === 'win32' ? [`${name}.cmd`, `${name}.exe`] : [name];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter)) {
    for (const candidate of names.map((file) => path.join(folder, file))) {
      if (
        await access(candidate, constants.X_OK).then(
          () => true,
          () => false,
        )
      ) {
        return candidate;
      }
    }
  }
  return undefined;
}

/** Opens a new window of the person's own VS Code with the extension loaded from its folder. */
function openInDesktop(code: string, { folder, extension }: Options): Promise<number> {
  const quoted = (text: string) => (process.platform === 'win32' ? `"${text}"` : text);
  const args = ['--new-window', `--extensionDevelopmentPath=${extension}`, folder].map(quoted);
  return new Promise((resolve, reject) => {
    const child = spawn(quoted(code), args, { stdio: 'inherit', shell: process.platform === 'win32' });
    child.once('error', reject);
    child.once('exit', (status) => resolve(status ?? 1));
  });
}

/** Serves VS Code to a browser on this machine, until the process is told to end. */
async function openInBrowser({ folder, extension, port }: Options, cleanup: Cleanup): Promise<never> {
  const codeServer = await ensureCodeServer(console.log);
  const profile = await createProfile(cleanup);
  await linkExtension(profile, extension);
  const server = await startServer(codeServer, profile, cleanup, { port });
  console.log(`Open ${workbenchUrl(server.url, folder)} in a browser on this machine. Ctrl-C ends it.`);
  return new Promise(() => setInterval(() => undefined, 60_000));
}

/** Puts the folder among the installed extensions, so that a rebuild shows after a reload of the window. */
async function linkExtension(profile: Profile, extension: string): Promise<void> {
  const { publisher, name, version } = JSON.parse(
    await readFile(path.join(extension, 'package.json'), 'utf8'),
  );
  await symlink(extension, path.join(profile.extensions, `${publisher}.${name}-${version}`), 'dir');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      folder: { type: 'string', default: path.join(REPO, 'examples') },
      extension: { type: 'string', default: REPO },
      port: { type: 'string', default: '0' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`--port wants a number from 0 to 65535, not ${values.port}`);
  }
  const options = { folder: path.resolve(values.folder), extension: path.resolve(values.extension), port };
  const code = process.env.STEPLENS_VSCODE === 'code-server' ? undefined : await findOnPath('code');
  process.exitCode = code
    ? await openInDesktop(code, options)
    : await withCleanup((cleanup) => openInBrowser(options, cleanup));
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
