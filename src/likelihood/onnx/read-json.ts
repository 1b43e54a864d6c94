import { open } from 'node:fs/promises';
import { basename } from 'node:path';

/**
 * Reads a JSON file that must hold an object.
 * @param maxBytes larger files are refused unread: model folders are not trusted
 * @throws with the file's name, or the file system's own error
 */
export async function readJsonObject(file: string, maxBytes: number): Promise<Record<string, unknown>> {
  const name = basename(file);
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    if (size > maxBytes) throw new Error(`${name} has ${size} bytes, more than ${maxBytes}`);
    const value = parse(await handle.readFile('utf8'), name);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return value as Record<string, unknown>;
    }
    throw new Error(`${name} holds no JSON object`);
  } finally {
    await handle.close();
  }
}

function parse(text: string, name: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new Error(`${name} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}
