import type { Strings } from './strings';

export interface HtmlParts {
  /** `webview.cspSource`: from where the webview may load its own files. */
  readonly cspSource: string;
  /** Fresh and unguessable on every call; letters and digits. */
  readonly nonce: string;
  /** `dist/heatmap/heatmap.js` as a webview URI. */
  readonly scriptUri: string;
  /** `dist/heatmap/heatmap.css` as a webview URI. */
  readonly styleUri: string;
  readonly strings: Pick<Strings, 'title' | 'loading'>;
  /** BCP 47 tag of the texts. */
  readonly locale: string;
}

/**
 * The page's HTML. Nothing may load but the one script and the one style sheet: no inline styles, no pictures, no
 * fonts, no network. Everything else of the page is built by the script.
 */
export function heatmapHtml(parts: HtmlParts): string {
  const a = escapeAttribute;
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${parts.nonce}'`,
    `style-src ${parts.cspSource}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="${a(parts.locale)}">
<head>
<meta charset="UTF-8">
<meta http-equiv="Content-Security-Policy" content="${a(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${a(parts.strings.title)}</title>
<link rel="stylesheet" href="${a(parts.styleUri)}">
</head>
<body>
<main id="app"><p class="booting" role="status">${a(parts.strings.loading)}</p></main>
<script nonce="${a(parts.nonce)}" src="${a(parts.scriptUri)}"></script>
</body>
</html>
`;
}

function escapeAttribute(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
