import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import GithubSlugger from 'github-slugger';
import { marked, type Token } from 'marked';

export const ROOT = resolve(__dirname, '../..');

/** A block of code as it stands in a document. */
export interface Block {
  /** The first word behind the fence; empty for an indented block or a bare fence. */
  readonly language: string;
  /** The rest of the line behind the fence: the name of the file that the block shows, where it says one. */
  readonly file: string;
  readonly text: string;
}

/** What the tests want to know of a Markdown file. */
export interface Document {
  /** From the root, with slashes. */
  readonly path: string;
  readonly text: string;
  readonly blocks: readonly Block[];
  /** Inline code. */
  readonly spans: readonly string[];
  /** Targets of links and pictures. */
  readonly links: readonly string[];
  /** What links within the document may point to, as GitHub names headings. */
  readonly anchors: ReadonlySet<string>;
}

/** Reads a Markdown file; `path` is from the root. */
export function readDocument(path: string): Document {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const blocks: Block[] = [];
  const spans: string[] = [];
  const links: string[] = [];
  const anchors = new Set<string>();
  const slugs = new GithubSlugger();
  marked.walkTokens(marked.lexer(text), (token: Token) => {
    if (token.type === 'code') {
      const [language = '', ...file] = (token.lang ?? '').split(' ');
      blocks.push({ language, file: file.join(' '), text: token.text });
    } else if (token.type === 'codespan') spans.push(token.text);
    else if (token.type === 'link' || token.type === 'image') links.push(token.href);
    else if (token.type === 'heading') anchors.add(slugs.slug(plain(token)));
  });
  return { path, text, blocks, spans, links, anchors };
}

/** The text of a heading without its marks. */
function plain(token: Token): string {
  if ('tokens' in token && token.tokens) return token.tokens.map(plain).join('');
  return 'text' in token ? token.text : token.raw;
}

/** All Markdown files of the project but those that tests read as traces. */
export function documents(): Document[] {
  const passedOver = /(^|\/)node_modules$|^(dist|\.|screenshots|examples\/(?!README)|test\/fixtures)/;
  const found: string[] = [];
  const look = (folder: string) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = relative(ROOT, join(folder, entry.name)).replaceAll('\\', '/');
      if (passedOver.test(path)) continue;
      if (entry.isDirectory()) look(join(folder, entry.name));
      else if (entry.name.endsWith('.md')) found.push(path);
    }
  };
  look(ROOT);
  return found.sort().map(readDocument);
}

/** What people read to use the project and to work on it. */
export const manual = (): Document[] =>
  documents().filter(({ path }) => path === 'README.md' || path.startsWith('docs/'));
