import path from 'node:path';
import { build } from 'esbuild';
import type { Page } from 'playwright-core';

declare global {
  /** The functions of `test/ui/page`, inside the page. */
  const uiPage: typeof import('../page');
}

/** Adds `uiPage` to everything the page loads from now on. */
export async function addPageScript(page: Page): Promise<void> {
  const result = await build({
    entryPoints: [path.join(__dirname, '../page/index.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'uiPage',
    target: 'es2022',
  });
  // tsx marks functions with their names, also those that a scenario sends to the page, where its helper is unknown.
  const names = 'globalThis.__name ??= (f) => f;';
  await page.addInitScript({
    content: `${names}\n${result.outputFiles[0]?.text ?? ''}\nglobalThis.uiPage = uiPage;`,
  });
}
