import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const PACKAGE = 'node-llama-cpp';
const VERSION = '3.22.1';

/** llama.cpp behind the two questions that the comparison asks of it. */
export interface IndependentEngine {
  readonly version: string;
  tokenize(text: string): number[];
  /** Natural log-probability of each of `target` after `context`. */
  logProbs(context: readonly number[], target: readonly number[]): Promise<number[]>;
  dispose(): Promise<void>;
}

/** The parts of node-llama-cpp's interface that are used here. */
interface Sequence {
  controlledEvaluate(
    input: (number | [number, { generateNext: { probabilities: true } }])[],
  ): Promise<({ next: { probabilities?: Map<number, number> } } | undefined)[]>;
  clearHistory(): Promise<void>;
}
interface LlamaModule {
  getLlama(options: object): Promise<{
    loadModel(options: object): Promise<{
      tokenize(text: string, specialTokens: boolean): number[];
      createContext(options: object): Promise<{ getSequence(): Sequence }>;
      dispose(): Promise<void>;
    }>;
  }>;
}

/** Installs node-llama-cpp (prebuilt, CPU) into `cache` if needed and opens the GGUF file with it. */
export async function openLlamaCpp(cache: string, gguf: string): Promise<IndependentEngine> {
  const folder = join(cache, `${PACKAGE}-${VERSION}`);
  const entry = join(folder, 'node_modules', PACKAGE, 'dist', 'index.js');
  if (!existsSync(entry)) {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'package.json'), '{"private":true}');
    execFileSync('npm', ['install', '--ignore-scripts', '--no-save', `${PACKAGE}@${VERSION}`], {
      cwd: folder,
      stdio: 'inherit',
      env: { ...process.env, NODE_LLAMA_CPP_SKIP_DOWNLOAD: 'true' },
    });
  }
  const { getLlama } = (await import(pathToFileURL(entry).href)) as LlamaModule;
  const llama = await getLlama({ gpu: false, build: 'never', skipDownload: true, logLevel: 'error' });
  const model = await llama.loadModel({ modelPath: gguf });
  const context = await model.createContext({ contextSize: 2048 });
  const sequence = context.getSequence();
  return {
    version: `${PACKAGE} ${VERSION}`,
    tokenize: (text) => model.tokenize(text, false),
    async logProbs(before, target) {
      await sequence.clearHistory();
      const asked = [...before, ...target.slice(0, -1)].map(
        (token, i): [number, { generateNext: { probabilities: true } }] | number =>
          i >= before.length - 1 ? [token, { generateNext: { probabilities: true } }] : token,
      );
      const answers = await sequence.controlledEvaluate(asked);
      return target.map((token, i) => {
        const probabilities = answers[before.length - 1 + i]?.next.probabilities;
        return Math.log(probabilities?.get(token) ?? Number.NaN);
      });
    },
    dispose: () => model.dispose(),
  };
}
