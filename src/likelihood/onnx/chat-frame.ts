import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { Template } from '@huggingface/jinja';
import { ModelFolderError } from '../model-folder-error';

type Json = Readonly<Record<string, unknown>>;

/** What a model's chat template puts around a user's message, as text with special tokens in it. */
export interface ChatFrame {
  readonly before: string;
  /** Ends where the assistant begins to speak. */
  readonly after: string;
}

/** Templates have a few kilobytes; those with tools in them up to twenty. */
const MAX_BYTES = 2 ** 18;
/** Stands for the message; no template has a reason to touch it. */
const MESSAGE = 'a message of the user 3f1c';
/** Some templates write the date into the prompt. Rewards must not depend on it, so it is always this one. */
const DATE = '26 Jul 2024';
const SAME_DATE = `{%- macro strftime_now(format) -%}${DATE}{%- endmacro -%}`;

/** The template: a file of its own, or a part of tokenizer_config.json, where there may be several by name. */
export async function readChatTemplate(folder: string, config: Json): Promise<string | undefined> {
  const file = await readText(join(folder, 'chat_template.jinja'));
  if (file !== undefined) return file;
  const { chat_template: template } = config;
  if (typeof template === 'string') return template;
  if (!Array.isArray(template)) return undefined;
  const named = template.find((entry: Json | null) => entry?.name === 'default') as Json | undefined;
  return typeof named?.template === 'string' ? named.template : undefined;
}

/**
 * Renders the template with one message and takes it apart around that.
 * @param tokens special tokens by their names in tokenizer_config.json, such as `bos_token`
 * @throws {ModelFolderError} where there is no template, it fails, or it changes the message
 */
export function chatFrame(template: string | undefined, tokens: Json): ChatFrame {
  if (template === undefined) throw new ModelFolderError('the model has no chat template: score it without');
  if (template.length > MAX_BYTES) throw new ModelFolderError('the chat template is impossibly large');
  let text: string;
  try {
    text = new Template(SAME_DATE + template).render({
      ...tokens,
      messages: [{ role: 'user', content: MESSAGE }],
      add_generation_prompt: true,
      enable_thinking: false, // a trace's steps are what is said, not what is thought before
      date_string: DATE,
    });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new ModelFolderError(`the model's chat template cannot be used: ${reason.slice(0, 200)}`);
  }
  const [before, after, ...more] = text.split(MESSAGE);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new ModelFolderError("the model's chat template does not keep a message as it is");
  }
  return { before, after };
}

async function readText(path: string): Promise<string | undefined> {
  const file = await open(path).catch(() => undefined);
  try {
    if (!file || (await file.stat()).size > MAX_BYTES) return undefined;
    return await file.readFile('utf8');
  } finally {
    await file?.close();
  }
}
