import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { licenceIn, licenceOf } from '../../../src/workspace/licence.ts';

// The words by which the texts of https://spdx.org/licenses/ begin.
test.each([
  [
    'MIT',
    'MIT License\n\nPermission is hereby granted, free of charge, to any person\nobtaining a copy of this software',
  ],
  [
    'Apache-2.0',
    '                                 Apache License\n                           Version 2.0, January 2004\n',
  ],
  ['GPL-3.0', '                    GNU GENERAL PUBLIC LICENSE\n                       Version 3, 29 June 2007\n'],
  ['AGPL-3.0', 'GNU AFFERO GENERAL PUBLIC LICENSE\n   Version 3, 19 November 2007'],
  ['LGPL-2.1', 'GNU LESSER GENERAL PUBLIC LICENSE\n Version 2.1, February 1999'],
  [
    'BSD-3-Clause',
    'Redistribution and use in source and binary forms, with or without\nmodification ... 3. Neither the name of the copyright holder',
  ],
  ['BSD-2-Clause', '* Redistribution and use in source and binary forms, with or without modification'],
  ['CC-BY-NC-4.0', 'Attribution-NonCommercial 4.0 International\n\n======'],
  ['CC-BY-NC-SA-4.0', 'Attribution-NonCommercial-ShareAlike 4.0 International'],
  ['CC-BY-4.0', 'Creative Commons\nAttribution 4.0 International'],
  ['MPL-2.0', 'Mozilla Public License Version 2.0\n=='],
  ['GPL-2.0', '# SPDX-License-Identifier: GPL-2.0-or-later'],
])('the text of %s is known', (spdx, text) => {
  expect(licenceIn(text)).toBe(spdx);
});

test('a licence is looked for in its own file, then in what names one; else its authors keep all rights', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'mlr-licence-'));
  try {
    expect(await licenceOf(folder)).toEqual({
      spdx: null,
      file: null,
      terms: 'It names no licence: its authors keep all rights.',
    });
    await mkdir(path.join(folder, 'LICENSES'));
    await writeFile(path.join(folder, 'pyproject.toml'), '[project]\nname = "x"\nlicense = {text = "MIT"}\n');
    expect(await licenceOf(folder)).toMatchObject({ spdx: 'MIT', file: 'pyproject.toml' });
    await writeFile(path.join(folder, 'LICENCE.md'), 'You may look, and not touch.');
    expect(await licenceOf(folder)).toMatchObject({ spdx: 'MIT', file: 'pyproject.toml' });
    await rm(path.join(folder, 'pyproject.toml'));
    expect(await licenceOf(folder)).toEqual({
      spdx: null,
      file: 'LICENCE.md',
      terms: 'Its licence is none that is known: read LICENCE.md before you take anything over.',
    });
    await writeFile(path.join(folder, 'COPYING'), 'GNU GENERAL PUBLIC LICENSE\nVersion 3, 29 June 2007');
    expect(await licenceOf(folder)).toMatchObject({
      spdx: 'GPL-3.0',
      terms: 'What takes its code over must be given on under the same licence.',
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
