import { closeSync, openSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Cleanup } from './cleanup';
import type { CodeServer } from './code-server';
import { PATIENCE_MS } from './patience';
import { ProcessGroup } from './process-group';
import { type Profile, profileEnvironment } from './profile';
import { runCommand } from './run-command';

export interface Server {
  /** `http://127.0.0.1:PORT`, reachable from this machine only. */
  readonly url: string;
  readonly logFile: string;
  /** Leader of the group that everything it starts belongs to. */
  readonly pid: number;
  stop(): Promise<void>;
}

/** Installs a .vsix into the profile's extensions folder, as a person's VS Code would. */
export async function installVsix(codeServer: CodeServer, profile: Profile, vsix: string): Promise<void> {
  const args = [...(await profileArguments(codeServer, profile)), '--install-extension', vsix];
  await runCommand(codeServer.node, args, { env: profileEnvironment(profile) });
}

export interface ServerOptions {
  /** 0 or absent: any free port. */
  readonly port?: number;
  /** Variables for the extension host, over the profile's own few. */
  readonly env?: NodeJS.ProcessEnv;
  /** Folders are not trusted unless somebody says so; by default all are. */
  readonly untrusted?: boolean;
}

/** Starts VS Code's server on the profile; resolves once it answers. The clean-up stops it and what it started. */
export async function startServer(
  codeServer: CodeServer,
  profile: Profile,
  cleanup: Cleanup,
  options: ServerOptions = {},
): Promise<Server> {
  const port = options.port || (await freePort());
  const logFile = path.join(profile.root, 'server.log');
  const args = [
    ...(await profileArguments(codeServer, profile)),
    ...['--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
    ...['--session-socket', path.join(profile.root, 'session.sock')],
    ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
    ...(options.untrusted ? [] : ['--disable-workspace-trust']),
  ];
  const output = openSync(logFile, 'w');
  const group = new ProcessGroup(codeServer.node, args, {
    env: profileEnvironment(profile, options.env),
    output,
  });
  closeSync(output);
  await cleanup.add(() => group.stop());
  const url = `http://127.0.0.1:${port}`;
  await answering(url, group, logFile);
  return { url, logFile, pid: group.pid ?? 0, stop: () => group.stop() };
}

async function profileArguments(codeServer: CodeServer, profile: Profile): Promise<string[]> {
  const config = path.join(profile.root, 'config.yaml');
  await writeFile(config, '{}\n'); // else it writes one with a password and takes the person's own
  return [
    codeServer.entry,
    ...['--config', config, '--user-data-dir', profile.userData, '--extensions-dir', profile.extensions],
  ];
}

async function answering(url: string, group: ProcessGroup, logFile: string): Promise<void> {
  for (const start = Date.now(); Date.now() - start < PATIENCE_MS; await sleep(100)) {
    if (group.ended) {
      break;
    }
    const up = await fetch(`${url}/healthz`).then(
      (response) => response.ok,
      () => false,
    );
    if (up) {
      return;
    }
  }
  const log = await readFile(logFile, 'utf8').catch(() => '');
  throw new Error(`code-server did not come up\n${log.split('\n').slice(-30).join('\n')}`);
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() =>
        address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port')),
      );
    });
  });
}
