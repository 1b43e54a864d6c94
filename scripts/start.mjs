// `npm start`: from a fresh clone to scored traces, with nothing installed but Node.
import { build, ensurePackages, run } from './setup.mjs';

ensurePackages();
build();
run(process.execPath, ['dist/cli.js', 'score', 'examples/traces.jsonl', 'examples/hens.md']);
console.log(`The same in VS Code, with hovers, problems and a heatmap:
  npm run workbench              opens examples/ in VS Code, or in the browser where there is none
Your own traces:
  node dist/cli.js score FILE    (--help lists the options)`);
