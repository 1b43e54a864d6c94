import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { writeDequantised } from '../../../support/dequantised';
import { serveOurs } from '../our-process';
import { MODEL } from '../workload';

/** The bundled weights in 32-bit floats, made once. */
function folder(): string {
  const kept = resolve('.cache/bench/fp32');
  if (existsSync(kept)) return kept;
  mkdirSync(dirname(kept), { recursive: true });
  renameSync(writeDequantised(MODEL, dirname(kept)), kept);
  return kept;
}

serveOurs(folder());
