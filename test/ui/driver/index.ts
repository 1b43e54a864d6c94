export { eventually } from '../../vscode/eventually';
export { Editor } from './editor';
export { defineScenarios, type Scenario, type ScenarioFile, type Setup } from './scenarios';
export type { ThemeKind } from './settings';
export { Ui } from './ui';
