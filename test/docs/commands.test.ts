import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Command, commandsOf } from './commands';
import { manual, ROOT } from './documents';
import { NOT_RUN } from './not-run';
import { Playground } from './playground';

const documents = manual();
const all = documents.flatMap(commandsOf);

/** The entry of a command that is not run here. */
const reason = ({ line }: Command) =>
  NOT_RUN.find(({ command }) => `${line} `.startsWith(/\w$/.test(command) ? `${command} ` : command));

describe.each(
  documents.filter((document) => commandsOf(document).some((command) => !reason(command))),
)('$path', (document) => {
  let playground: Playground;
  beforeAll(() => {
    playground = new Playground(document);
  }, 60_000);
  afterAll(() => playground?.remove());

  it.each(commandsOf(document).filter((command) => !reason(command)))('$line', async ({ line }) => {
    expect(await playground.run(line)).not.toBe('');
  }, 180_000);
});

describe('commands that are not run here', () => {
  it('are in the documents', () => {
    expect(NOT_RUN.filter((entry) => !all.some((command) => reason(command) === entry))).toEqual([]);
  });

  it('are tested by something that there is', () => {
    expect(NOT_RUN.filter(({ testedBy }) => !existsSync(join(ROOT, testedBy)))).toEqual([]);
  });
});
