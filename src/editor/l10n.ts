export type Translate = (message: string, ...values: (string | number)[]) => string;

let translate: Translate = fill;

/** Replaces the English fallback by VS Code's translator. Called once, by `activate`. */
export function useTranslator(translator: Translate): void {
  translate = translator;
}

/**
 * A text in the user's language; `{0}`, `{1}`, … are filled in. The English text is the key. Here and not `vscode.l10n`
 * directly, so that the parts which make texts need no VS Code and can be tested without it.
 */
export function t(message: string, ...values: (string | number)[]): string {
  return translate(message, ...values);
}

function fill(message: string, ...values: (string | number)[]): string {
  return message.replace(/\{(\d+)\}/g, (place, index: string) => String(values[Number(index)] ?? place));
}
