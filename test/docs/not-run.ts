/** A command of the documents that their test does not run. */
export interface NotRun {
  /** How the command begins: to the end of a word where it ends in a letter, else all that begins so. */
  readonly command: string;
  readonly why: string;
  /** What runs it, or what it runs, instead: a file or folder of the project. */
  readonly testedBy: string;
}

export const NOT_RUN: readonly NotRun[] = [
  { command: 'npm test', why: 'runs this test', testedBy: 'scripts/test.mjs' },
  {
    command: 'npm link',
    why: 'changes the computer; done in a folder of its own',
    testedBy: 'test/docs/playground.ts',
  },
  { command: 'npm run check', why: 'a part of npm test', testedBy: 'scripts/test.mjs' },
  { command: 'npm run test:', why: 'parts of npm test', testedBy: 'scripts/test.mjs' },
  { command: 'npx vitest run test/unit/', why: 'a part of npm test', testedBy: 'scripts/test.mjs' },
  { command: 'npm run build', why: 'npm start does it', testedBy: 'scripts/start.mjs' },
  { command: 'npm run watch', why: 'does not end', testedBy: 'scripts/build.mjs' },
  {
    command: 'npm run format',
    why: 'changes the sources; npm run check does the same without',
    testedBy: 'biome.json',
  },
  { command: 'npm run fuzz', why: 'takes a minute', testedBy: 'test/unit/trajectory/fuzz.test.ts' },
  {
    command: 'npm run workbench',
    why: 'opens a window',
    testedBy: 'test/unit/scripts/vscode-harness.test.ts',
  },
  {
    command: 'npm run package',
    why: 'takes minutes; test:ui installs what it makes',
    testedBy: 'test/ui/run.ts',
  },
  {
    command: 'npm run model:import',
    why: 'downloads; what it made is tested',
    testedBy: 'test/model/bundled-model.test.ts',
  },
  { command: 'hf download', why: 'downloads', testedBy: 'test/unit/likelihood/kv-load.test.ts' },
  {
    command: 'pip install "optimum-onnx[',
    why: 'downloads',
    testedBy: 'test/unit/likelihood/kv-load.test.ts',
  },
  { command: 'optimum-cli export', why: 'downloads', testedBy: 'test/unit/likelihood/kv-load.test.ts' },
  {
    command: 'steplens score --model my-model',
    why: 'wants a model',
    testedBy: 'test/unit/cli/score.test.ts',
  },
  {
    command: 'python3 -m venv',
    why: 'its test runs where that was done',
    testedBy: 'test/docs/training.test.ts',
  },
  { command: '.cache/trl/bin/', why: 'wants TRL and PyTorch', testedBy: 'test/docs/training.test.ts' },
  { command: 'npm run pictures', why: 'changes the pictures', testedBy: 'test/ui/run.ts' },
  { command: 'npm run measure', why: 'runs parts of npm test', testedBy: 'test/vscode/suite' },
  { command: 'npm run evaluate', why: 'wants labelled traces, and hours', testedBy: 'test/unit/evaluation' },
  {
    command: 'npx tsx scripts/evaluate/rollouts/prompts.ts',
    why: 'the rollouts that go on from it take an hour of PyTorch',
    testedBy: 'test/unit/evaluate',
  },
  { command: 'npm run simulate:cluster', why: 'takes minutes', testedBy: 'test/bench/cluster' },
  { command: 'npm run bench', why: 'takes minutes to hours', testedBy: 'test/bench' },
  { command: 'npm run bench:', why: 'takes minutes, or wants servers', testedBy: 'test/bench' },
  { command: 'npm run model:self-test', why: 'changes the stored scores', testedBy: 'test/unit/models' },
  { command: 'npx tsx test/bench/models/compare.ts', why: 'takes an hour', testedBy: 'test/bench/models' },
  { command: 'steplens model info', why: 'wants a model', testedBy: 'test/unit/models' },
  { command: 'steplens model download', why: 'downloads', testedBy: 'test/unit/models' },
  { command: 'steplens model use', why: 'wants a model', testedBy: 'test/unit/models' },
  { command: 'steplens model remove', why: 'wants a model', testedBy: 'test/unit/models' },
  { command: 'steplens model import', why: 'wants a model', testedBy: 'test/unit/models' },
  {
    command: 'steplens score traces.jsonl --server',
    why: 'wants a server',
    testedBy: 'test/unit/likelihood',
  },
  { command: 'steplens label traces.jsonl --server', why: 'wants servers', testedBy: 'test/unit/likelihood' },
  {
    command: 'steplens label traces.jsonl --shard',
    why: 'wants more than one machine',
    testedBy: 'test/unit/labels',
  },
  { command: 'steplens merge', why: 'wants shards', testedBy: 'test/unit/labels' },
  { command: 'vllm serve', why: 'wants a GPU', testedBy: 'test/unit/likelihood' },
];
