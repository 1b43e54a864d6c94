import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, totalmem } from 'node:os';

/** Instruction sets that decide how fast bytes and floats are multiplied. */
const NOTED = ['avx2', 'avx_vnni', 'avx512f', 'avx512_vnni', 'amx_int8'];

/** What the figures were measured on, in one line. */
export function machineName(): string {
  const [cpu] = cpus();
  const parts = [
    `${availableParallelism()} × ${cpu?.model.trim() ?? 'unknown processor'}`,
    ...instructionSets(),
    `${Math.round(totalmem() / 2 ** 30)} GiB`,
    `${process.platform}-${process.arch}`,
    `Node ${process.versions.node}`,
  ];
  return parts.join(', ');
}

function instructionSets(): string[] {
  try {
    const flags = /^flags\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' ') ?? [];
    return NOTED.filter((name) => flags.includes(name));
  } catch {
    return []; // not Linux
  }
}
