import path from 'node:path';
import { parseArgs } from 'node:util';
import { packageTarget } from './vscode/package-target';
import { REPO } from './vscode/paths';
import { currentPlatform, TARGETS, targetNamed } from './vscode/targets';

const USAGE = `npm run package -- [--target NAME]... [--out FOLDER]
Makes a .vsix for each platform, or for those named; NAME is one of ${TARGETS.map((t) => t.name).join(', ')},
or current. They go to vsix/ unless --out says otherwise.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      target: { type: 'string', multiple: true },
      out: { type: 'string', default: path.join(REPO, 'vsix') },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  const targets = values.target
    ? values.target.map((name) => targetNamed(name === 'current' ? currentPlatform() : name))
    : TARGETS;
  for (const target of targets) {
    const start = Date.now();
    const { file, bytes } = await packageTarget({ target, folder: path.resolve(values.out) });
    const seconds = ((Date.now() - start) / 1000).toFixed(1);
    console.log(
      `${target.name}: ${(bytes / 1e6).toFixed(1)} MB in ${seconds} s: ${path.relative(process.cwd(), file)}`,
    );
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
