import { mkdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { heatmapBuildOptions } from '../../scripts/heatmap-build.mjs';
import { ensureBrowser } from '../../scripts/vscode/browser';
import { PATIENCE_MS } from '../../scripts/vscode/patience';
import type { ThemeKind } from '../../src/heatmap/colour/theme';
import { heatmapHtml } from '../../src/heatmap/html';
import type { HostMessage, InitMessage, PageMessage, RowBatch } from '../../src/heatmap/protocol';
import { HEATMAP_STRINGS } from '../../src/heatmap/strings';
import { parsePageMessage } from '../../src/heatmap/validate';
import { THEMES } from './themes';
import type { makePortions } from './traces';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const ORIGIN = 'http://heatmap.invalid';
const SCREENS = join(ROOT, '.cache', 'heatmap-screens');
const OUT = join(ROOT, '.cache', 'heatmap-page');

export const INIT: InitMessage = {
  type: 'init',
  generation: 1,
  title: 'examples.jsonl',
  measure: { name: 'CPMI reward', unit: 'nats per token', detail: 'incremental, 4 templates' },
  settings: { threshold: -0.2, bands: [-0.5, -0.2, -0.05, 0.05, 0.2, 0.5] },
  strings: { ...HEATMAP_STRINGS },
  locale: 'en',
};

export async function launch(): Promise<Browser> {
  await build({ ...heatmapBuildOptions, outdir: OUT });
  return chromium.launch({
    executablePath: await ensureBrowser(console.info),
    timeout: PATIENCE_MS,
    // The sandbox wants a kernel feature that containers lack; nothing but our own page is opened.
    args: ['--no-sandbox', '--disable-gpu'],
  });
}

interface OpenOptions {
  readonly theme?: ThemeKind;
  readonly state?: unknown;
  readonly width?: number;
  readonly height?: number;
}

/** The built page in a browser, under the content security policy of the webview, with the panel's side played here. */
export class HeatmapPage {
  /** What went wrong in the page, violations of the policy included. */
  readonly errors: string[] = [];
  private constructor(readonly page: Page) {}

  static async open(browser: Browser, options: OpenOptions = {}): Promise<HeatmapPage> {
    const viewport = { width: options.width ?? 1180, height: options.height ?? 640 };
    const page = await browser.newPage({ viewport });
    page.setDefaultTimeout(PATIENCE_MS);
    const heatmap = new HeatmapPage(page);
    page.on('pageerror', (error) => heatmap.errors.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') heatmap.errors.push(message.text());
    });
    // Functions sent to the page are compiled with calls of this helper, which keeps their names.
    await page.addInitScript({ content: 'globalThis.__name = (named) => named;' });
    await page.addInitScript(fakeHost, options.state);
    await page.route(`${ORIGIN}/**`, async (route) => {
      const path = new URL(route.request().url()).pathname;
      if (path === '/') return route.fulfill({ contentType: 'text/html', body: html() });
      const type = path.endsWith('.css') ? 'text/css' : 'text/javascript';
      return route.fulfill({ contentType: type, body: await readFile(join(OUT, path)) });
    });
    await page.goto(`${ORIGIN}/`);
    await heatmap.useTheme(options.theme ?? 'dark');
    return heatmap;
  }

  async useTheme(kind: ThemeKind): Promise<void> {
    await this.page.evaluate(({ classes, variables }) => {
      for (const name of Array.from(document.documentElement.style))
        document.documentElement.style.removeProperty(name);
      for (const [name, value] of Object.entries(variables)) {
        document.documentElement.style.setProperty(`--vscode-${name}`, value);
      }
      document.body.className = classes;
      document.body.dataset.vscodeThemeKind = classes.split(' ').at(-1) ?? '';
    }, THEMES[kind]);
    await this.settled();
  }

  async post(message: HostMessage): Promise<void> {
    await this.postRaw(message);
  }

  async postRaw(message: unknown): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  async show(batch: RowBatch, init: Partial<InitMessage> = {}): Promise<void> {
    await this.post({ ...INIT, ...init });
    await this.post({ type: 'rows', generation: init.generation ?? INIT.generation, batch });
    await this.settled();
  }

  /**
   * Sends traces made in the page itself, portion by portion with their rewards as bytes, as a panel would: through the
   * browser's debugging protocol a million rewards would take far longer than in an editor.
   * @returns milliseconds until all of them are shown
   */
  async showMany(count: number, steps: number): Promise<number> {
    const made = await build({
      entryPoints: [join(ROOT, 'test/heatmap/traces.ts')],
      bundle: true,
      write: false,
      format: 'iife',
      globalName: 'traces',
    });
    await this.page.evaluate(
      `${made.outputFiles[0]?.text ?? ''}; window.makePortions = traces.makePortions;`,
    );
    await this.post(INIT);
    return this.page.evaluate(
      async ([rows, each]) => {
        const portions = window.makePortions(rows, each);
        const start = performance.now();
        for (const batch of portions) {
          window.postMessage({ type: 'rows', generation: 1, batch }, '*');
          await new Promise((resolve) => setTimeout(resolve));
        }
        const shown = `Traces: ${rows.toLocaleString('en')} of`;
        while (!document.querySelector('.counts')?.textContent?.startsWith(shown)) {
          await new Promise((resolve) => requestAnimationFrame(resolve));
        }
        return performance.now() - start;
      },
      [count, steps] as const,
    );
  }

  /** All messages of one type that the page has posted, each checked by the panel's own parser. */
  async posted<T extends PageMessage['type']>(type: T): Promise<Extract<PageMessage, { type: T }>[]> {
    const all = await this.page.evaluate(() =>
      window.posted.map((message) => ({ ...message, data: undefined })),
    );
    const found: Extract<PageMessage, { type: T }>[] = [];
    for (const message of all) {
      const data = message.type === 'export' ? new Uint8Array(0) : undefined;
      const parsed = parsePageMessage({ ...message, data });
      if ('problem' in parsed) throw new Error(`the page posted a misfit: ${parsed.problem}`);
      if (parsed.message.type === type) found.push(parsed.message as Extract<PageMessage, { type: T }>);
    }
    return found;
  }

  /** Presses an export button and waits for the file's bytes. */
  async exported(kind: 'png' | 'svg' | 'csv'): Promise<Buffer> {
    const before = (await this.posted('export')).length;
    await this.page.click(`#export-${kind}`);
    await this.page.waitForFunction(
      (count) => window.posted.filter((message) => message.type === 'export').length > count,
      before,
    );
    const base64 = await this.page.evaluate(async () => {
      const data = window.posted.filter((message) => message.type === 'export').at(-1)?.data;
      if (!(data instanceof Uint8Array)) throw new Error('no bytes were exported');
      const url = await new Promise<string>((resolve) => {
        const reader = new FileReader();
        reader.onload = () => resolve(String(reader.result));
        reader.readAsDataURL(new Blob([new Uint8Array(data)]));
      });
      return url.slice(url.indexOf(',') + 1);
    });
    return Buffer.from(base64, 'base64');
  }

  /** Waits until the page has shown what it was sent. */
  async settled(): Promise<void> {
    await this.page.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve, 350));
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    });
  }

  async choose(id: string, label: string): Promise<void> {
    await this.page.click(`#${id}`);
    await this.page.locator(`#${id} .option`, { hasText: label }).first().click();
    await this.settled();
  }

  /** The counts in the footer. */
  async counts(): Promise<string> {
    return (await this.page.textContent('.counts'))?.replace(/\s+/g, ' ') ?? '';
  }

  /** What a screen reader is told of the active cell. */
  async activeCell(): Promise<string> {
    const id = await this.page.getAttribute('.grid', 'aria-activedescendant');
    return id === null ? '' : ((await this.page.textContent(`#${id}`)) ?? '');
  }

  async focusGrid(): Promise<void> {
    await this.page.focus('.grid');
  }

  async press(...keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.page.keyboard.press(key);
    await this.page.evaluate(() => new Promise((resolve) => requestAnimationFrame(resolve)));
  }

  /** Saves a picture of the page in a folder that git ignores. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(SCREENS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENS, `${name}.png`) });
  }

  async close(): Promise<void> {
    await this.page.close();
  }
}

function html(): string {
  return heatmapHtml({
    cspSource: ORIGIN,
    nonce: 'c0ffee',
    scriptUri: '/heatmap.js',
    styleUri: '/heatmap.css',
    strings: HEATMAP_STRINGS,
    locale: 'en',
  });
}

interface Posted {
  readonly type: string;
  readonly data?: unknown;
}

declare global {
  interface Window {
    posted: Posted[];
    saved: unknown;
    makePortions: typeof makePortions;
  }
}

/** Runs in the page before its script: what VS Code gives a webview. */
function fakeHost(state: unknown): void {
  window.posted = [];
  window.saved = state;
  const api = {
    postMessage: (message: Posted) => window.posted.push(message),
    getState: () => window.saved,
    setState: (next: unknown) => {
      window.saved = next;
    },
  };
  Object.assign(window, { acquireVsCodeApi: () => api });
}
