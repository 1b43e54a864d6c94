import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * How the heatmap's page is bundled: one script and one style sheet that load nothing else, for the Chromium of the
 * oldest VS Code that we support. Licences of what is bundled go into a file of their own beside the script.
 * @type {import('esbuild').BuildOptions}
 */
export const heatmapBuildOptions = {
  absWorkingDir: root,
  entryPoints: { heatmap: 'src/heatmap/page/main.ts' },
  outdir: 'dist/heatmap',
  bundle: true,
  format: 'iife',
  platform: 'browser',
  target: 'chrome132',
  minify: true,
  legalComments: 'external',
  logLevel: 'warning',
};
