// `npm test`: sets up, then runs what CI runs. `npm test -- heatmap vscode` runs the named parts, those that drive a browser
// among them.
import { build, ensurePackages, run } from './setup.mjs';

/** What runs unasked, and what runs by name only. */
const parts = {
  check: () => run('npm', ['run', '--silent', 'check']),
  unit: () => run('npm', ['run', '--silent', 'test:unit']),
  model: () => run('npm', ['run', '--silent', 'test:model']),
};
const byName = {
  heatmap: () => run('npm', ['run', '--silent', 'test:heatmap']),
  vscode: () => run('npm', ['run', '--silent', 'test:vscode']),
};

const asked = process.argv.slice(2);
const all = { ...parts, ...byName };
const unknown = asked.filter((name) => !Object.hasOwn(all, name));
if (unknown.length > 0) {
  console.error(`There is no part ${unknown.join(', ')}; the parts are ${Object.keys(all).join(', ')}.`);
  process.exit(2);
}
ensurePackages();
build();
for (const [name, part] of Object.entries(asked.length > 0 ? all : parts)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n── ${name}`);
  part();
}
