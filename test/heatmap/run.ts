import { spawn } from 'node:child_process';
import { ensureBrowser } from '../../scripts/vscode/browser';
import { findTestFiles } from '../../scripts/vscode/bundle-suite';
import { runMain } from '../../scripts/vscode/obstacle';
import { REPO } from '../../scripts/vscode/paths';

/** `npm run test:heatmap -- [options of node --test]`: the page's tests, with a browser that is installed where there is none. */
async function main(): Promise<void> {
  const CHROMIUM = await ensureBrowser(console.log);
  const files = await findTestFiles(__dirname);
  // One file at a time: what one measures, another would disturb.
  const options = ['--import', 'tsx', '--test', '--test-concurrency=1', ...process.argv.slice(2)];
  process.exitCode = await new Promise<number>((resolve, reject) => {
    const child = spawn(process.execPath, [...options, ...files], {
      cwd: REPO,
      stdio: 'inherit',
      env: { ...process.env, CHROMIUM },
    });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

runMain(main);
