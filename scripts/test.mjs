// `npm test`: sets up, then runs everything that CI runs. `npm test -- unit model` runs only those parts.
import { build, ensurePackages, run } from './setup.mjs';

const parts = {
  check: () => run('npm', ['run', '--silent', 'check']),
  unit: () => run('npm', ['run', '--silent', 'test:unit']),
  model: () => run('npm', ['run', '--silent', 'test:model']),
  heatmap: () => run('npm', ['run', '--silent', 'test:heatmap']),
  vscode: () => run('npm', ['run', '--silent', 'test:vscode']),
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
