export { Editor } from './editor';
export { eventually } from './eventually';
export { defineScenarios, type Scenario, type ScenarioFile, type Setup } from './scenarios';
export type { ThemeKind } from './settings';
export { Ui } from './ui';
