import { oneLine } from '../present';

/**
 * Text from a trace as a Markdown code span: nothing in it can be markup, a link or HTML. The fence is longer than any
 * run of backticks in it. A bar, which would part a table's cells even there, is shown as the sign that mathematics has for
 * it.
 */
export function codeSpan(text: string, length = 60): string {
  const line = oneLine(text, length);
  if (line === '') return '` `';
  const longest = Math.max(0, ...(line.match(/`+/g) ?? []).map((run) => run.length));
  const fence = '`'.repeat(longest + 1);
  const padding = line.startsWith('`') || line.endsWith('`') ? ' ' : '';
  return `${fence}${padding}${line.replace(/\|/g, '∣')}${padding}${fence}`;
}

/** Plain text that is not our own, such as a person's or a model's name: every character that can be markup is escaped. */
export function escapeMarkdown(text: string): string {
  return oneLine(text, 200)
    .replace(/[\\`*_{}[\]()#+\-.!|<>~$&:@]/g, '\\$&')
    .replace(/www/gi, (www) => `${www[0]}\u200b${www.slice(1)}`);
}
