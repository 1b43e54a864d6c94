import { type BrowserContext, chromium, type Page } from 'playwright-core';
import type { Cleanup } from './cleanup';
import { PATIENCE_MS } from './patience';
import { type Profile, profileEnvironment } from './profile';

/** In CSS pixels. */
export interface Viewport {
  readonly width: number;
  readonly height: number;
  /** Device pixels per CSS pixel; 1 by default. */
  readonly scale?: number;
}

/** An extension loaded from a folder, as F5 does, and optionally the test suite to run in its host. */
export interface Development {
  /** The extension's folder. */
  readonly extension: string;
  /** A CommonJS file that exports `run(): Promise<void>`. */
  readonly tests?: string;
}

/** Starts headless Chromium on the profile with one empty page. */
export async function openBrowser(
  executable: string,
  profile: Profile,
  cleanup: Cleanup,
  { width, height, scale = 1 }: Viewport = { width: 1280, height: 800 },
): Promise<{ context: BrowserContext; page: Page }> {
  const context = await chromium.launchPersistentContext(profile.browser, {
    executablePath: executable,
    headless: true,
    timeout: PATIENCE_MS,
    env: profileEnvironment(profile),
    viewport: { width, height },
    deviceScaleFactor: scale,
    // Containers rarely allow Chromium's sandbox, and the only page shown is our own server's.
    chromiumSandbox: false,
    // Our own clean-up must come first, and playwright's handlers end the process.
    handleSIGINT: false,
    handleSIGTERM: false,
    handleSIGHUP: false,
    args: [
      ...['--disable-gpu', '--disable-quic', '--disable-sync', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update'],
    ],
  });
  await cleanup.add(() => context.close());
  context.setDefaultTimeout(PATIENCE_MS);
  return { context, page: context.pages()[0] ?? (await context.newPage()) };
}

/** The address that opens a folder, and a file in it, on the server. All paths are absolute. */
export function workbenchUrl(serverUrl: string, folder: string, file?: string): string {
  const query = new URLSearchParams({ folder });
  if (file) {
    // The URI's authority has to be the page's own host and port: with any other the editor's URI differs from the
    // extension host's, and diagnostics silently vanish.
    const uri = `vscode-remote://${new URL(serverUrl).host}${file.split('/').map(encodeURIComponent).join('/')}`;
    query.set('payload', JSON.stringify([['openFile', uri]]));
  }
  return `${serverUrl}/?${query}`;
}

/**
 * Has the page load a development extension. The workbench takes one from its address only with the smoke-test driver
 * switched on, and that hides notifications; so it is written into the settings the page reads at start instead.
 */
export async function injectDevelopment(
  page: Page,
  serverUrl: string,
  development: Development,
): Promise<void> {
  const uri = (file: string) => ({ scheme: 'vscode-remote', authority: new URL(serverUrl).host, path: file });
  const options = {
    extensions: [uri(development.extension)],
    extensionTestsPath: development.tests && uri(development.tests),
  };
  await page.addInitScript({
    content: `(() => {
      const options = ${JSON.stringify(options)};
      const original = Element.prototype.getAttribute;
      Element.prototype.getAttribute = function (name) {
        const value = original.call(this, name);
        if (!value || name !== 'data-settings' || this.id !== 'vscode-workbench-web-configuration') return value;
        const settings = JSON.parse(value);
        return JSON.stringify({ ...settings, developmentOptions: { ...settings.developmentOptions, ...options } });
      };
    })();`,
  });
}
