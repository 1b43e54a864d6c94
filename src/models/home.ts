import { isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';

/**
 * Where Steplens keeps models and what it knows of them: `STEPLENS_HOME`, or the platform's folder for data of programs.
 * The command and the editor use the same one, so that a model is downloaded once, whoever asked for it, and stays when
 * an editor is removed.
 */
export function homeFolder(env: NodeJS.ProcessEnv = process.env): string {
  const asked = env.STEPLENS_HOME;
  if (asked) return isAbsolute(asked) ? asked : resolve(asked);
  return envPaths('steplens', { suffix: '' }).data;
}

/** The folder in which every model has one of its own. */
export const modelsFolder = (home: string = homeFolder()): string => join(home, 'models');
