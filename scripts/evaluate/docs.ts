import { markdown, type Table } from './tables/markdown';

const BLOCK = /<!-- (.+?) -->\n[\s\S]*?<!-- end -->/g;

/**
 * Puts what was measured into a page: between `<!-- NAME -->` and `<!-- end -->` stands what the command found last, so
 * that no number there is typed by hand. Names that the page does not have are left out.
 * @param stem the name of the data, ahead of the table's name
 */
export function intoPage(
  page: string,
  stem: string,
  tables: readonly Table[],
  texts: Readonly<Record<string, string>>,
): string {
  const blocks = new Map<string, string>();
  for (const table of tables) blocks.set(`${stem}: ${table.name}`, markdown(table));
  for (const [name, text] of Object.entries(texts)) blocks.set(`${stem}: ${name}`, `${text}\n`);
  return page.replace(BLOCK, (whole, name: string) => {
    const block = blocks.get(name);
    return block === undefined ? whole : `<!-- ${name} -->\n${block}<!-- end -->`;
  });
}
