import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Cleanup } from './cleanup';

export type Settings = Readonly<Record<string, unknown>>;

/** A VS Code installation's private folders, all under one temporary root. Nothing of the person's own VS Code is read. */
export interface Profile {
  /** The root; also the HOME of everything that is started. */
  readonly root: string;
  readonly userData: string;
  readonly extensions: string;
  /** The browser's profile. */
  readonly browser: string;
}

/** Quiet and repeatable: no welcome pages, no update checks, no experiments, no AI side bars, no network. */
const QUIET: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.colorTheme': 'Dark Modern',
  'window.autoDetectColorScheme': false,
  'window.autoDetectHighContrast': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': 'off',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.enabled': false,
  'files.autoSave': 'off',
  'editor.hover.delay': 100,
  'editor.minimap.enabled': false,
  'git.enabled': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
};

/**
 * Makes fresh folders, removed again by the clean-up.
 * @param extensions a folder of installed extensions to use in place of an empty one.
 */
export async function createProfile(
  cleanup: Cleanup,
  settings: Settings = {},
  extensions?: string,
): Promise<Profile> {
  const root = await mkdtemp(path.join(tmpdir(), 'steplens-vscode-'));
  await cleanup.add(() => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const profile: Profile = {
    root,
    userData: path.join(root, 'user'),
    extensions: extensions ?? path.join(root, 'extensions'),
    browser: path.join(root, 'browser'),
  };
  for (const folder of [path.join(profile.userData, 'User'), profile.extensions, profile.browser]) {
    await mkdir(folder, { recursive: true });
  }
  await writeUserSettings(profile, settings);
  await writeMachineSettings(profile, {});
  return profile;
}

async function writeUserSettings(profile: Profile, settings: Settings): Promise<void> {
  const file = path.join(profile.userData, 'User', 'settings.json');
  await writeFile(file, `${JSON.stringify({ ...QUIET, ...settings }, null, 2)}\n`);
}

/**
 * Replaces the machine settings of a running server, which come before the user's; they are taken up within a second. (The
 * user settings are read at start and then not again from the disk.)
 */
export async function writeMachineSettings(profile: Profile, settings: Settings): Promise<void> {
  const folder = path.join(profile.userData, 'Machine');
  await mkdir(folder, { recursive: true });
  await writeFile(path.join(folder, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
}

/**
 * The environment of everything started on the profile. Only PATH is passed on, so that a run does not depend on the
 * person's variables.
 */
export function profileEnvironment(profile: Profile, extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const xdg = path.join(profile.root, 'xdg');
  return {
    PATH: process.env.PATH,
    HOME: profile.root,
    LANG: 'C.UTF-8',
    XDG_CONFIG_HOME: xdg,
    XDG_DATA_HOME: xdg,
    EXTENSIONS_GALLERY: '{}', // no market: nothing is asked of the network
    ...extra,
  };
}
