import { execFileSync, spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { Document } from './documents';
import { ROOT } from './documents';

/**
 * A folder in which a reader could type the commands of one document: the project with examples of its own, `steplens` on
 * the PATH as `npm link` puts it there, and the files that the document shows under their names.
 */
export class Playground {
  readonly folder = mkdtempSync(join(tmpdir(), 'steplens-docs-'));
  private readonly project = join(this.folder, 'steplens');
  private readonly prefix = join(this.folder, 'prefix');

  constructor(document: Document) {
    mkdirSync(this.project);
    mkdirSync(join(this.prefix, 'lib'), { recursive: true });
    for (const name of readdirSync(ROOT)) {
      if (/^(\.(?!git$)|examples$|screenshots$)/.test(name)) continue;
      symlinkSync(join(ROOT, name), join(this.project, name), 'junction');
    }
    cpSync(join(ROOT, 'examples'), join(this.project, 'examples'), { recursive: true });
    for (const { file, text } of document.blocks) {
      if (file !== '') writeFileSync(join(this.project, file), `${text}\n`);
    }
    execFileSync('npm', ['link', '--no-audit', '--no-fund', '--offline'], {
      cwd: ROOT,
      env: this.env,
      stdio: 'pipe',
    });
  }

  private get env(): NodeJS.ProcessEnv {
    const path = [join(this.prefix, 'bin'), process.env.PATH].join(delimiter);
    return { ...process.env, npm_config_prefix: this.prefix, PATH: path, CI: '1' };
  }

  /** Runs a line as a shell does; one that fails throws what it printed. */
  run(line: string): Promise<string> {
    const child = spawn('bash', ['-c', line], {
      cwd: this.project,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    }
    return new Promise((done, fail) => {
      child.on('error', fail);
      child.on('close', (code) =>
        code === 0 ? done(said) : fail(new Error(`${line}\nended with ${code}:\n${said}`)),
      );
    });
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
