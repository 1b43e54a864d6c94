import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build } from 'esbuild';
import { writeTinyModel } from '../../support/tiny-llama';

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The command as the product bundles it, with a model too small to know anything. */
export class Program {
  private constructor(
    private readonly script: string,
    readonly model: string,
  ) {}

  static async build(): Promise<Program> {
    // Inside node_modules, so that the scoring process finds ONNX Runtime.
    const outdir = mkdtempSync(join(resolve('node_modules'), '.steplens-cli-'));
    await build({
      entryPoints: { cli: 'src/cli/main.ts', 'likelihood-worker': 'src/likelihood/process/worker.ts' },
      outdir,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      mainFields: ['module', 'main'],
      external: ['onnxruntime-common', 'onnxruntime-node', 'onnxruntime-web'],
      supported: { 'dynamic-import': false },
      logLevel: 'silent',
    });
    return new Program(join(outdir, 'cli.js'), writeTinyModel());
  }

  start(
    args: readonly string[],
    input?: string,
  ): { readonly child: ChildProcess; readonly ended: Promise<Ended> } {
    const child = spawn(process.execPath, [this.script, ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
    child.stdin?.end(input);
    const said = { stdout: '', stderr: '' };
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      said.stdout += text;
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said.stderr += text;
    });
    const ended = new Promise<Ended>((done) => child.on('close', (code) => done({ code, ...said })));
    return { child, ended };
  }

  run(...args: string[]): Promise<Ended> {
    return this.start(args).ended;
  }

  /** Runs a subcommand that scores, in a way that the tiny model can: its window holds 256 letters. */
  score(command: string, ...args: string[]): Promise<Ended> {
    return this.start([command, ...args, ...this.scoring]).ended;
  }
  get scoring(): string[] {
    return ['--model', this.model, '--templates', '1', '--overflow', 'cut-left', '--threads', '1'];
  }

  remove(): void {
    rmSync(dirname(this.script), { recursive: true });
    rmSync(this.model, { recursive: true });
  }
}
