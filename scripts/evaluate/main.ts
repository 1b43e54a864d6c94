import { readFile, writeFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { ModelFolderError } from '../../src/likelihood/model-folder-error';
import { ask } from './ask';
import { intoPage } from './docs';
import { LikelihoodStore } from './likelihoods/store';
import { costCounter } from './measures/cost';
import { readOptions, USAGE, UsageError } from './options';
import { plots, writePlots } from './plots/all';
import { evaluated, type Report, report, reportText, splitText } from './report';
import { CACHE } from './root';
import { readSubjects } from './subjects';

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(USAGE);
    return;
  }
  const { subjects, leftOut } = await readSubjects(options.file, options.limit);
  if (subjects.length === 0)
    throw new UsageError(`${options.file}: no labelled trace with a gold answer was found`);
  const model = await ask(options, subjects);
  if (options.scoreOnly) return;
  const stores = await LikelihoodStore.openAll(CACHE);
  try {
    const about = evaluated({ file: options.file, leftOut, model, subjects }, stores);
    const found = report(about);
    const drawn = plots(subjects, about.kept, await costCounter(options.model));
    const { calibrationError } = drawn;
    const calibration = `Expected calibration error of the soft labels: ${calibrationError.toFixed(3)}.`;
    if (options.docs !== undefined) await writeDocs(options.docs, options.file, found, { calibration });
    if (options.plots !== undefined) await writePlots(drawn, options.plots);
    console.log(
      options.json
        ? JSON.stringify({
            file: options.file,
            model,
            traces: subjects.length,
            leftOut,
            ...found,
            calibrationError,
          })
        : `${reportText(found)}\n${calibration}\n`,
    );
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

async function writeDocs(
  path: string,
  file: string,
  found: Report,
  more: Readonly<Record<string, string>>,
): Promise<void> {
  const { intro, search } = found;
  const texts = { intro, ...more, ...(search ? { choice: splitText(search) } : {}) };
  const page = await readFile(path, 'utf8');
  await writeFile(path, intoPage(page, parse(file).name, found.tables, texts));
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(error instanceof ModelFolderError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
