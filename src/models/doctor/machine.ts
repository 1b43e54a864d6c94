import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import { promisify } from 'node:util';

/** Instructions that decide how fast 8-bit products are, and whether they are exact. */
const FEATURES = /^(avx2|avx512f|avx512bw|avx512_?vnni|avx_?vnni|amx_?int8|asimd|asimddp|i8mm|sve|fma)$/;

/** Operating system, processor and program, in a line. */
export function platformLine(): string {
  const [first] = cpus();
  const processor = first?.model.trim() || 'processor of unknown name';
  const { electron } = process.versions;
  const program = `Node ${process.versions.node}${electron ? ` in Electron ${electron}` : ''}`;
  return `${process.platform} ${process.arch}${libc()}, ${availableParallelism()} × ${processor}, ${program}`;
}

/** The C library of a Linux, which the native runtime needs to be glibc. */
function libc(): string {
  if (process.platform !== 'linux') return '';
  const report = process.report?.getReport() as { header?: { glibcVersionRuntime?: string } } | undefined;
  const version = report?.header?.glibcVersionRuntime;
  return version ? ` (glibc ${version})` : ' (musl)';
}

/** The processor's instructions that matter here, as far as the system tells them; undefined where it does not. */
export async function cpuFeatures(): Promise<readonly string[] | undefined> {
  const text = await featureText().catch(() => undefined);
  if (text === undefined) return undefined;
  const words = new Set(text.toLowerCase().replaceAll('avx512vnni', 'avx512_vnni').split(/\s+/));
  return [...words].filter((word) => FEATURES.test(word)).sort();
}

async function featureText(): Promise<string | undefined> {
  if (process.platform === 'linux') {
    const [, flags] = /^(?:flags|Features)\s*:(.*)$/m.exec(await readFile('/proc/cpuinfo', 'utf8')) ?? [];
    return flags;
  }
  if (process.platform !== 'darwin') return undefined;
  if (process.arch === 'arm64') return 'asimd asimddp'; // every Mac of that kind has them
  const { stdout } = await promisify(execFile)('/usr/sbin/sysctl', [
    '-n',
    'machdep.cpu.features',
    'machdep.cpu.leaf7_features',
  ]);
  return stdout;
}
