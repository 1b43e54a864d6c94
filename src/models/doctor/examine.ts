import { access, constants, mkdir, statfs } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import type { ModelId } from '../../likelihood/likelihood-model';
import { availableMemory } from '../../likelihood/onnx/memory';
import type { RuntimeChoice } from '../../likelihood/onnx/runtime';
import { ProcessModel } from '../../likelihood/process/process-model';
import { checked } from '../hub/checksum';
import { modelInfo } from '../info';
import { readRecord } from '../record';
import { BUNDLED, type ModelStore, type StoredModel } from '../store';
import { cpuFeatures, platformLine } from './machine';
import type { Finding, Report } from './report';
import { readSelfTest, SELF_TEST_TOLERANCE, selfTestDifference } from './self-test';

export interface ExamineOptions {
  /** The program's. */
  readonly version: string;
  readonly store: ModelStore;
  /** The bundled model's folder, with its self-test. */
  readonly bundled: string;
  /** The scoring process, and how it is started. */
  readonly worker: string;
  readonly runtime?: RuntimeChoice;
  readonly execPath?: string;
  readonly threads?: number;
  readonly log?: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** The graph with which 8-bit sums are tried, beside the bundled model. */
const INT8_CHECK_FILE = 'int8-check.onnx';

/** Looks at everything that scoring depends on, by doing it. It changes nothing. */
export async function examine(options: ExamineOptions): Promise<Report> {
  const { version, store, signal } = options;
  const findings: Finding[] = [{ what: 'platform', status: 'ok', text: platformLine() }];
  const features = await cpuFeatures();
  findings.push({
    what: 'processor',
    status: 'ok',
    text: features ? features.join(' ') || 'plain' : 'not told by the system',
  });
  findings.push(...(await scoring(options)));
  for (const model of await store.list()) {
    signal?.throwIfAborted();
    if (model.name !== BUNDLED) findings.push(await stored(model, store.home, signal));
  }
  const chosen = await store.chosen().then(
    ({ name }): Finding => ({ what: 'chosen model', status: 'ok', text: name }),
    (error: unknown): Finding => ({
      what: 'chosen model',
      status: 'broken',
      text: message(error),
      advice: 'steplens model use bundled',
    }),
  );
  findings.push(chosen, memory(), await storage(store.home));
  return { version, findings };
}

/** Runtime, bundled model and self-test: one needs the other. */
async function scoring({
  bundled,
  worker,
  runtime,
  execPath,
  threads,
  log,
}: ExamineOptions): Promise<Finding[]> {
  let model: ProcessModel;
  try {
    model = await ProcessModel.start({
      worker,
      folder: bundled,
      ...(runtime === undefined ? {} : { runtime }),
      ...(execPath === undefined ? {} : { execPath }),
      ...(threads === undefined ? {} : { threads }),
      ...(log === undefined ? {} : { log }),
    });
  } catch (error) {
    const advice =
      'install Steplens anew; if that does not help, STEPLENS_RUNTIME=wasm (setting steplens.model.runtime)';
    return [{ what: 'runtime', status: 'broken', text: message(error), advice }];
  }
  try {
    const findings = [runtimeFinding(model, runtime)];
    const test = await readSelfTest(bundled);
    findings.push(hashFinding(model.id, test.sha256));
    const difference = await selfTestDifference(model, test);
    const good = difference <= SELF_TEST_TOLERANCE;
    const error = await model.int8Error(join(bundled, INT8_CHECK_FILE));
    findings.push(int8Finding(error, good), selfTestFinding(difference, test.texts.length, good));
    return findings;
  } catch (error) {
    return [{ what: 'self-test', status: 'broken', text: message(error), advice: 'install Steplens anew' }];
  } finally {
    await model.dispose();
  }
}

function runtimeFinding(
  { id, fallback, runtimeVersion }: ProcessModel,
  asked: RuntimeChoice | undefined,
): Finding {
  const text = `ONNX Runtime ${runtimeVersion}, ${id.runtime === 'wasm' ? 'WebAssembly' : 'native'}`;
  if (fallback !== undefined) {
    return {
      what: 'runtime',
      status: 'warning',
      text: `${text}, since the native one does not work here: ${fallback}`,
      advice:
        'rounding may move a reward by a tenth of a nat, and scoring takes several times as long; docs/troubleshooting.md names the usual causes',
    };
  }
  return asked === 'wasm'
    ? { what: 'runtime', status: 'ok', text: `${text}, as asked for` }
    : { what: 'runtime', status: 'ok', text };
}

function hashFinding({ name, sha256 }: ModelId, wanted: string): Finding {
  const what = 'bundled model';
  if (sha256 === wanted)
    return { what, status: 'ok', text: `${name}, sha256 ${sha256.slice(0, 16)}… as it was packed` };
  return {
    what,
    status: 'broken',
    text: `${name} has sha256 ${sha256.slice(0, 16)}… and not ${wanted.slice(0, 16)}…: a file was changed or damaged`,
    advice: 'install Steplens anew',
  };
}

function int8Finding(error: number, scoresAreRight: boolean): Finding {
  const what = '8-bit sums';
  if (error === 0) return { what, status: 'ok', text: 'exact' };
  return {
    what,
    status: scoresAreRight ? 'warning' : 'broken',
    text: `wrong by up to ${Math.round(error)}: this processor's fast instructions cut large sums off`,
    advice: scoresAreRight
      ? 'the self-test does not suffer from it; for other 8-bit models take STEPLENS_RUNTIME=wasm or 32 bits'
      : 'STEPLENS_RUNTIME=wasm (setting steplens.model.runtime), or a model of 32 bits',
  };
}

function selfTestFinding(difference: number, count: number, good: boolean): Finding {
  const what = 'self-test';
  const text = `${count} scores differ by up to ${difference.toFixed(3)} nats a token from the stored ones`;
  if (good) return { what, status: 'ok', text };
  return {
    what,
    status: 'broken',
    text: `${text}, more than rounding explains (${SELF_TEST_TOLERANCE})`,
    advice: 'rewards cannot be trusted here: try STEPLENS_RUNTIME=wasm, and report this output',
  };
}

/** A model of the storage folder: that it can be read, and that its files are those that were downloaded. */
async function stored(model: StoredModel, home: string, signal: AbortSignal | undefined): Promise<Finding> {
  const what = `model ${model.name}`;
  const { kind, problem, sha256 } = await modelInfo(model, home);
  if (kind === 'weights') {
    return {
      what,
      status: 'warning',
      text: 'weights that are not imported',
      advice: `steplens model import ${model.folder}`,
    };
  }
  if (problem !== undefined) {
    return {
      what,
      status: 'broken',
      text: problem,
      advice: `download or import it anew, or steplens model remove ${model.name}`,
    };
  }
  const record = await readRecord(model.folder);
  for (const { path, bytes, sha256: hex } of record?.files ?? []) {
    const file = { path, bytes, hash: { kind: 'sha256' as const, hex } };
    if ((await checked(join(model.folder, path), file, signal)) === undefined) {
      return {
        what,
        status: 'broken',
        text: `${path} is not what was downloaded`,
        advice: 'download it anew',
      };
    }
  }
  const files = record?.files.length ? `, ${record.files.length} files as they were downloaded` : '';
  return { what, status: 'ok', text: `${kind}, sha256 ${sha256?.slice(0, 16)}…${files}` };
}

/** The bundled model with its caches and buffers takes about so much. */
const NEEDED_BYTES = 2 ** 30;

function memory(): Finding {
  const gib = (bytes: number) => (bytes / 2 ** 30).toFixed(1);
  const free = availableMemory();
  const text = `${gib(free)} of ${gib(totalmem())} GiB free`;
  if (free >= NEEDED_BYTES) return { what: 'memory', status: 'ok', text };
  return {
    what: 'memory',
    status: 'warning',
    text,
    advice: 'the bundled model takes up to 1 GiB: close other programs',
  };
}

async function storage(home: string): Promise<Finding> {
  try {
    await mkdir(home, { recursive: true });
    await access(home, constants.W_OK);
    const { bavail, bsize } = await statfs(home);
    return { what: 'storage', status: 'ok', text: `${home}, ${((bavail * bsize) / 1e9).toFixed(0)} GB free` };
  } catch (error) {
    return {
      what: 'storage',
      status: 'warning',
      text: `${home} cannot be written: ${message(error)}`,
      advice: 'STEPLENS_HOME names another folder',
    };
  }
}

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));
