import type { Settings } from '../../../scripts/vscode/profile';
import type { Viewport } from '../../../scripts/vscode/workbench-page';
import type { Ui } from './ui';

export interface Setup {
  /** Folder that is copied and opened, relative to the repository. `examples` by default. */
  readonly workspace?: string;
  /** Files written into the copy: path and content. */
  readonly files?: Readonly<Record<string, string>>;
  /** A file of the workspace to open at start. */
  readonly open?: string;
  /** User settings. */
  readonly settings?: Settings;
  /** Variables for the extension host. */
  readonly env?: Readonly<Record<string, string>>;
  readonly viewport?: Viewport;
  /** The folder is not trusted. */
  readonly untrusted?: boolean;
}

export type Scenario = (ui: Ui) => Promise<void>;

/** One file of scenarios: a fresh VS Code, in which they are run in their order. */
export interface ScenarioFile {
  readonly setup: Setup;
  readonly scenarios: Readonly<Record<string, Scenario>>;
}

/**
 * What a `*.ui.ts` file exports as default:
 *
 *     export default defineScenarios({ open: 'right.jsonl' }, {
 *       async 'shows the reward after each step'(ui) {
 *         await ui.editor().waitForInlineText(/^\+0\.\d\d$/);
 *       },
 *     });
 */
export function defineScenarios(setup: Setup, scenarios: Readonly<Record<string, Scenario>>): ScenarioFile {
  return { setup, scenarios };
}
