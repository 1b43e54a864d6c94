import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { LikelihoodModel } from '../../../src/likelihood/likelihood-model';
import { loadModel } from '../../../src/likelihood/onnx/load-model';
import { openServer } from '../../../src/likelihood/server';
import { peakOf } from '../speed/peak-memory';

/** Minutes, not seconds: a server on the processor of the machine that measures it is slow. */
const TIMEOUT_MS = 600_000;

/** What can be compared: a model folder, or `URL@PID`: a server's address and its process on this machine. */
export type ModelPlace = string;

interface Server {
  readonly url: string;
  readonly pid: number;
}

function asServer(place: ModelPlace): Server | undefined {
  const [, url, pid] = /^(https?:.+)@(\d+)$/.exec(place) ?? [];
  return url === undefined ? undefined : { url, pid: Number(pid) };
}

/** Opens a model folder in this process, or asks a server. */
export async function openPlace(place: ModelPlace): Promise<LikelihoodModel> {
  const server = asServer(place);
  if (!server) return loadModel(place);
  return (await openServer({ urls: [server.url], timeoutMs: TIMEOUT_MS })).model;
}

/** Peak memory in MB of what does the work: this process, or the server's. */
export function peakMegabytes(place: ModelPlace): number {
  return peakOf(asServer(place)?.pid ?? process.pid);
}

/** Size of a model folder in MB; NaN for a server, whose files are its own. */
export function megabytesOf(place: ModelPlace): number {
  if (asServer(place)) return Number.NaN;
  return readdirSync(place).reduce((sum, name) => sum + statSync(join(place, name)).size, 0) / 1e6;
}
