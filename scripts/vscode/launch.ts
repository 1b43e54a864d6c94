import type { Page } from 'playwright-core';
import { ensureBrowser } from './browser';
import type { Cleanup } from './cleanup';
import { ensureCodeServer } from './code-server';
import { createProfile, type Profile, type Settings } from './profile';
import { installVsix, type Server, startServer } from './server';
import {
  type Development,
  injectDevelopment,
  openBrowser,
  type Viewport,
  workbenchUrl,
} from './workbench-page';

export interface LaunchOptions {
  /** The folder to open. */
  readonly workspace: string;
  /** A file to open in it. */
  readonly file?: string;
  /** A folder of installed extensions, as `installExtension` returns it; none are installed otherwise. */
  readonly extensions?: string;
  readonly development?: Development;
  /** User settings, over the quiet ones every profile has. */
  readonly settings?: Settings;
  /** Variables for the extension host. */
  readonly env?: NodeJS.ProcessEnv;
  readonly viewport?: Viewport;
  /** The folder is not trusted: VS Code is in its restricted mode. */
  readonly untrusted?: boolean;
  /** Called with the blank page, before the workbench is loaded into it. */
  readonly beforeLoad?: (page: Page) => Promise<void>;
  readonly log?: (line: string) => void;
}

/** Asks nobody whether the folder is trusted, and takes it for not. */
const RESTRICTED: Settings = {
  'security.workspace.trust.enabled': true,
  'security.workspace.trust.startupPrompt': 'never',
};

/** A running VS Code and the page that shows it. The clean-up given to `launch` ends it and removes its folders. */
export interface Launched {
  readonly page: Page;
  readonly profile: Profile;
  readonly server: Server;
}

/** Starts a fresh VS Code (code-server) with a headless Chromium on it. Its folders are new and private. */
export async function launch(options: LaunchOptions, cleanup: Cleanup): Promise<Launched> {
  const log = options.log ?? (() => undefined);
  const codeServer = await ensureCodeServer(log);
  const browser = await ensureBrowser(log);
  const { env, untrusted = false } = options;
  const settings = untrusted ? { ...options.settings, ...RESTRICTED } : options.settings;
  const profile = await createProfile(cleanup, settings, options.extensions);
  const server = await startServer(codeServer, profile, cleanup, { env, untrusted });
  log('server up');
  const { page } = await openBrowser(browser, profile, cleanup, options.viewport);
  if (options.development) {
    await injectDevelopment(page, server.url, options.development);
  }
  await options.beforeLoad?.(page);
  await page.goto(workbenchUrl(server.url, options.workspace, options.file), {
    waitUntil: 'domcontentloaded',
  });
  log('workbench loaded');
  return { page, profile, server };
}

/** Installs a .vsix once, for any number of launches; returns the folder of extensions to give to them. */
export async function installExtension(
  vsix: string,
  cleanup: Cleanup,
  log: (line: string) => void = () => undefined,
): Promise<string> {
  const codeServer = await ensureCodeServer(log);
  const profile = await createProfile(cleanup);
  await installVsix(codeServer, profile, vsix);
  log(`installed ${vsix}`);
  return profile.extensions;
}
