import { readFile } from 'node:fs/promises';
import { applyEdit, type Edit } from './applyEdit.ts';
import { ChangeError } from './changeError.ts';
import { type Guards, guardedPath, isRegularFile } from './guardedPath.ts';
import { editNotebook } from './notebookEdit.ts';
import { writeAtomically } from './writeAtomically.ts';

/** Makes one exact replacement in a text file below a root, keeping its mode, line ends and encoding.
 *  @returns the absolute path of the file that was written
 *  @throws ChangeError `outside`, `forbidden`, `protected`, `missing`, `not-a-file`, `not-text`, `refused-edit`; every message is
 *  written for the language model that asked for the edit */
export async function editFile(root: string, path: string, edit: Edit, guards: Guards = {}): Promise<string> {
  const file = await guardedPath(root, path, guards);
  if (!(await isRegularFile(file, path))) {
    throw new ChangeError('missing', `${path} does not exist; create it, or list the files to find the one you mean`);
  }
  const text = decode(await readFile(file), path);
  const edited = path.endsWith('.ipynb') ? editNotebook(text, edit) : applyEdit(text, edit);
  if ('refused' in edited) {
    throw new ChangeError('refused-edit', `${path} was not changed: ${edited.message}`, { because: edited.refused });
  }
  await writeAtomically(file, Buffer.from(edited.text, 'utf8'));
  return file;
}

/** Creates a text file below a root, and the folders it needs.
 *  @returns the absolute path of the file that was written
 *  @throws ChangeError `outside`, `forbidden`, `protected`, `exists`, `not-a-file` */
export async function createFile(root: string, path: string, content: string, guards: Guards = {}): Promise<string> {
  const file = await guardedPath(root, path, guards);
  if (await isRegularFile(file, path))
    throw new ChangeError('exists', `${path} exists already; edit it, or choose another name`);
  await writeAtomically(file, Buffer.from(content, 'utf8'));
  return file;
}

function decode(content: Buffer, path: string): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content);
    if (!text.includes('\0')) return text;
  } catch (error) {
    throw new ChangeError('not-text', `${path} is not UTF-8 text, so it cannot be edited without damage`, {
      cause: error,
    });
  }
  throw new ChangeError('not-text', `${path} is a binary file, so it cannot be edited as text`);
}
