import { DEFAULT_SETTINGS } from '../../../src/cpmi/settings';
import { labelFile } from '../../../src/labels';
import { StubModel } from './stub-model';

/** `node label-program.js SOURCE MILLISECONDS`: labels a file with the stub model, which waits that long for each trace. */
const [source = '', milliseconds = '0'] = process.argv.slice(2);
const model = new StubModel(() => new Promise((resolve) => setTimeout(resolve, Number(milliseconds))));
const settings = { ...DEFAULT_SETTINGS, templates: 1, negatives: 2 };
labelFile({ source, model, settings }).catch((error: unknown) => {
  process.stderr.write(error instanceof Error ? `${error.name}: ${error.message}\n` : String(error));
  process.exitCode = 1;
});
