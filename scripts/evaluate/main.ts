import { ModelFolderError } from '../../src/likelihood/model-folder-error';
import { ask } from './ask';
import { LikelihoodStore } from './likelihoods/store';
import { readOptions, USAGE, UsageError } from './options';
import { report } from './report';
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
    const said = report({ file: options.file, leftOut, model, stores, subjects });
    console.log(options.json ? JSON.stringify(said.json) : said.text);
  } finally {
    await Promise.all(stores.map((store) => store.close()));
  }
}

main().catch((error: unknown) => {
  if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
  else console.error(error instanceof ModelFolderError ? error.message : error);
  process.exitCode = error instanceof UsageError ? 2 : 1;
});
