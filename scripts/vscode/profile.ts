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
  readonly settingsFile: string;
}

/** Quiet and repeatable: no welcome pages, no update checks, no experiments, no AI side bars, no network. */
const QUIET: Settings = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'update.showReleaseNotes': false,
  'extensions.autoUpdate': false,
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

/** Makes fresh folders, removed again by the clean-up. */
export async function createProfile(cleanup: Cleanup, settings: Settings = {}): Promise<Profile> {
  const root = await mkdtemp(path.join(tmpdir(), 'steplens-vscode-'));
  await cleanup.add(() => rm(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  const profile: Profile = {
    root,
    userData: path.join(root, 'user'),
    extensions: path.join(root, 'extensions'),
    browser: path.join(root, 'browser'),
    settingsFile: path.join(root, 'user', 'User', 'settings.json'),
  };
  for (const folder of [path.dirname(profile.settingsFile), profile.extensions, profile.browser]) {
    await mkdir(folder, { recursive: true });
  }
  await writeSettings(profile, settings);
  return profile;
}

/** Replaces the user settings; a running VS Code takes them up at once. */
export async function writeSettings(profile: Profile, settings: Settings): Promise<void> {
  await writeFile(profile.settingsFile, `${JSON.stringify({ ...QUIET, ...settings }, null, 2)}\n`);
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
    ...extra,
  };
}
