import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Licence } from '../domain/prototype.ts';

/** What a licence's own text says and no other's does, in the order in which they are looked for.
 *  Source: https://spdx.org/licenses/ (texts and identifiers) */
const TEXTS: readonly (readonly [spdx: string, says: RegExp])[] = [
  ['AGPL-3.0', /gnu affero general public license\s+version 3/],
  ['LGPL-3.0', /gnu lesser general public license\s+version 3/],
  ['LGPL-2.1', /gnu lesser general public license\s+version 2\.1/],
  ['GPL-3.0', /gnu general public license\s+version 3/],
  ['GPL-2.0', /gnu general public license\s+version 2/],
  ['MPL-2.0', /mozilla public license,? (version|v\.) ?2\.0/],
  ['EPL-2.0', /eclipse public license - v 2\.0/],
  ['Apache-2.0', /apache license\s+version 2\.0/],
  ['CC-BY-NC-SA-4.0', /(attribution-noncommercial-sharealike 4\.0|cc[- ]by-nc-sa[- ]4\.0)/],
  ['CC-BY-NC-ND-4.0', /(attribution-noncommercial-noderivatives 4\.0|cc[- ]by-nc-nd[- ]4\.0)/],
  ['CC-BY-NC-4.0', /(attribution-noncommercial 4\.0|cc[- ]by-nc[- ]4\.0)/],
  ['CC-BY-SA-4.0', /(attribution-sharealike 4\.0|cc[- ]by-sa[- ]4\.0)/],
  ['CC-BY-4.0', /(attribution 4\.0 international|cc[- ]by[- ]4\.0)/],
  ['CC0-1.0', /cc0 1\.0 universal/],
  ['Unlicense', /this is free and unencumbered software released into the public domain/],
  ['BSD-3-Clause', /redistribution and use in source and binary forms[\s\S]*neither the name/],
  ['BSD-2-Clause', /redistribution and use in source and binary forms/],
  ['ISC', /permission to use, copy, modify, and\/or distribute this software for any purpose/],
  ['MIT', /permission is hereby granted, free of charge, to any person obtaining a copy/],
];

const IDENTIFIERS = new Set([...TEXTS.map(([spdx]) => spdx), '0BSD', 'BSL-1.0', 'Zlib']);

/** Longest text of which a licence is looked for. */
const MOST_BYTES = 64 * 1024;

/** The licence of a folder of code, by its own files; a text that is none known is said to be so.
 *  @param folder of the repository's top */
export async function licenceOf(folder: string): Promise<Licence> {
  const names = (await readdir(folder)).sort();
  const licences = names.filter((name) => /^(licen[cs]e|copying|unlicense)([.-].*)?$/i.test(name));
  for (const file of licences) {
    const spdx = licenceIn(await beginning(path.join(folder, file)));
    if (spdx !== null) return { spdx, file, terms: termsOf(spdx) };
  }
  for (const file of names.filter((name) =>
    /^(pyproject\.toml|setup\.(py|cfg)|citation\.cff|package\.json)$/i.test(name),
  )) {
    const spdx = namedIn(await beginning(path.join(folder, file)));
    if (spdx !== null) return { spdx, file, terms: termsOf(spdx) };
  }
  const [file] = licences;
  if (file === undefined) return { spdx: null, file: null, terms: 'It names no licence: its authors keep all rights.' };
  return { spdx: null, file, terms: `Its licence is none that is known: read ${file} before you take anything over.` };
}

/** The SPDX identifier of a licence's text. */
export function licenceIn(text: string): string | null {
  const words = text.toLowerCase().replace(/[\s*#=]+/g, ' ');
  const named = /spdx-license-identifier:\s*([\w.+-]+)/i.exec(text)?.[1];
  if (named !== undefined) return known(named);
  return TEXTS.find(([, says]) => says.test(words))?.[0] ?? null;
}

/** `license = "MIT"`, `license = {text = "MIT"}`, `"license": "MIT"`, `license: MIT`, or as a classifier. */
function namedIn(text: string): string | null {
  const named = /^\s*"?licen[cs]e"?\s*[=:]\s*(?:\{\s*text\s*=\s*)?["']?([\w.+-]+)/im.exec(text)?.[1];
  return named === undefined ? null : known(named);
}

function known(named: string): string | null {
  const bare = named.replace(/-(only|or-later)$/i, '').replace(/\+$/, '');
  return [...IDENTIFIERS].find((spdx) => spdx.toLowerCase() === bare.toLowerCase()) ?? null;
}

function termsOf(spdx: string): string {
  if (/-NC/.test(spdx)) return 'It forbids commercial use, and asks to be named.';
  if (/^(A?GPL)/.test(spdx)) return 'What takes its code over must be given on under the same licence.';
  if (/^(LGPL|MPL|EPL)/.test(spdx) || /-SA/.test(spdx))
    return 'Changed files of it must be given on under the same licence.';
  if (/^(CC0|Unlicense|0BSD)/.test(spdx)) return 'It may be used freely.';
  return 'It may be used and changed; its copyright notice must be kept.';
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file).catch(() => null);
  if (handle === null) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(MOST_BYTES), 0, MOST_BYTES, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } catch (error) {
    // A folder of this name.
    if (error instanceof Error && 'code' in error && error.code === 'EISDIR') return '';
    throw error;
  } finally {
    await handle.close();
  }
}
