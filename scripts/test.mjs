// `npm test`: sets up, then runs what CI runs. `npm test -- heatmap vscode` runs the named parts only.
import { build, CANNOT_RUN, ensurePackages, run, statusOf } from './setup.mjs';

const npmRun = (script) => () => run('npm', ['run', '--silent', script]);

/** Parts that drive a browser: where there is none and none can be had they are skipped, and the last line says so. */
const skipped = [];
function inBrowser(script) {
  return () => {
    const status = statusOf('npm', ['run', '--silent', script]);
    if (status === CANNOT_RUN) skipped.push(script);
    else if (status !== 0) process.exit(status);
  };
}

const parts = {
  check: npmRun('check'),
  unit: npmRun('test:unit'),
  model: npmRun('test:model'),
  docs: npmRun('test:docs'),
  heatmap: inBrowser('test:heatmap'),
  vscode: inBrowser('test:vscode'),
  ui: inBrowser('test:ui'),
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !Object.hasOwn(parts, name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; the parts are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
ensurePackages();
build();
for (const [name, part] of Object.entries(parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n── ${name}`);
  part();
}
if (skipped.length > 0) console.log(`\nNOT RUN, for the reasons given above: ${skipped.join(', ')}`);
