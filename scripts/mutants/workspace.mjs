const data = ['test/unit/workspace/data.test.ts'];
const map = ['test/unit/workspace/map.test.ts'];
const search = ['test/unit/workspace/searchIndex.test.ts'];
const index = ['test/unit/workspace/workspaceIndex.test.ts'];
const environment = ['test/unit/workspace/environment.test.ts'];

const modelEdits = ['test/unit/changes/modelEdits.test.ts'];

/** What keeps the picture of a workspace exact. @type {import('../mutants.mjs').Mutant[]} */
export const workspaceMutants = [
  {
    breaks: 'a sample of hashes is told as an exact count',
    file: 'src/workspace/data/hashSample.ts',
    from: 'return { value: kept * 2 ** this.#level, exact: this.#level === 0 };',
    to: 'return { value: kept * 2 ** this.#level, exact: true };',
    tests: data,
  },
  {
    breaks: 'a quote that is never closed swallows the rest in silence',
    file: 'src/workspace/data/separatedRows.ts',
    from: "this.#sink.stop('a quote is opened here",
    to: "this.#sink.note('a quote is opened here",
    tests: data,
  },
  {
    breaks: 'ids count when rows of two files are compared',
    file: 'src/workspace/data/profileData.ts',
    from: 'other.columns.includes(name) && !ID_COLUMN.test(name)',
    to: 'other.columns.includes(name)',
    tests: data,
  },
  {
    breaks: 'an array of pickled objects is read as if it were plain',
    file: 'src/workspace/data/numpyArray.ts',
    from: "if (type.includes('O'))",
    to: "if (type.includes('Q'))",
    tests: data,
  },
  {
    breaks: 'an archive is unpacked whatever it would expand to',
    file: 'src/workspace/data/profileTable.ts',
    from: 'const isTrap = bytes > LARGEST_EXPANSION.bytes',
    to: 'const isTrap = bytes < 0',
    tests: data,
  },
  {
    breaks: 'a map reads the columns of hidden files',
    file: 'src/workspace/map/dataLines.ts',
    from: 'isWithin(posix.normalize(path), hidden) ? null',
    to: 'hidden.length < 0 ? null',
    tests: map,
  },
  {
    breaks: 'a map does not keep within its budget',
    file: 'src/workspace/map/repositoryMap.ts',
    from: 'if (price > left) continue;',
    to: 'if (price < 0) continue;',
    tests: map,
  },
  {
    breaks: 'a program that does not answer is waited for',
    file: 'src/workspace/environment/program.ts',
    from: 'timeout: limit,',
    to: 'timeout: 0,',
    tests: environment,
  },
  {
    breaks: 'an edit is made within a longer number',
    file: 'src/changes/applyEdit.ts',
    from: 'return /\\d$/.test(before) ? /^\\.?\\d/.test(after) : ',
    to: 'return ',
    tests: modelEdits,
  },
  {
    breaks: 'an edit that was made already is made again',
    file: 'src/changes/looseContext.ts',
    from: 'put.has(line));',
    to: 'put.has(line) && put.size > 99);',
    tests: modelEdits,
  },
  {
    breaks: 'context that the edit misquotes is written over the file’s',
    file: 'src/changes/applyEdit.ts',
    from: "if (step.kind === 'keep') result.push(lines[here] ?? '');",
    to: "if (step.kind === 'keep') result.push(after[step.put] ?? '');",
    tests: modelEdits,
  },
  {
    breaks: 'of two places that fit loosely the first is taken',
    file: 'src/changes/applyEdit.ts',
    from: 'if (found.length > 1) return ambiguous(source, lines);',
    to: '',
    tests: modelEdits,
  },
  {
    breaks: 'an edit of a notebook changes its outputs',
    file: 'src/changes/editFile.ts',
    from: "path.endsWith('.ipynb') ? editNotebook(text, edit) : applyEdit(text, edit)",
    to: 'applyEdit(text, edit)',
    tests: modelEdits,
  },
  {
    breaks: 'a test answers before the code that it is about',
    file: 'src/workspace/symbols/fields.ts',
    from: 'if (TEST.test(path)) return STANDING.test;',
    to: 'if (TEST.test(path)) return 1;',
    tests: search,
  },
  {
    breaks: 'other words for the same find nothing',
    file: 'src/workspace/symbols/candidates.ts',
    from: "if (weighing === 'full') for (const word of same)",
    to: "if (weighing === 'plain') for (const word of same)",
    tests: search,
  },
  {
    breaks: 'a name is found only as it is written',
    file: 'src/workspace/symbols/fields.ts',
    from: "return name.toLowerCase().replaceAll('_', '');",
    to: "return name.replaceAll('_', '');",
    tests: search,
  },
  {
    breaks: 'what was edited is still found as it was',
    file: 'src/workspace/symbols/segment.ts',
    from: 'this.standing.fill(0, first, first + count);',
    to: 'this.standing.fill(1, first, first + count);',
    tests: index,
  },
  {
    breaks: 'a file that is no more stays in the index',
    file: 'src/workspace/symbols/workspaceIndex.ts',
    from: 'await this.store.note([...gone], parsing.same);',
    to: 'await this.store.note([], parsing.same);',
    tests: index,
  },
  {
    breaks: 'what is ignored is taken up',
    file: 'src/workspace/symbols/walkFiles.ts',
    from: 'if (isIgnored(absolute, isFolder, rules)) continue;',
    to: 'if (isIgnored(absolute, isFolder, [])) continue;',
    tests: index,
  },
  {
    breaks: 'the update of a named file leaves the workspace',
    file: 'src/workspace/symbols/walkFiles.ts',
    from: "name === '.' || name === '..')) return;",
    to: "name === '.')) return;",
    tests: index,
  },
  {
    breaks: 'the segments of edits pile up',
    file: 'src/workspace/symbols/indexStore.ts',
    from: 'if (chosen.length < SMALL.segments) return;',
    to: 'if (chosen.length >= 0) return;',
    tests: index,
  },
  {
    breaks: 'the header of a segment is trusted whatever its checksum',
    file: 'src/workspace/symbols/segment.ts',
    from: 'if (crc32(text) !== trailer.readUInt32LE(MAGIC.length + 4))',
    to: 'if (crc32(text) === -1)',
    tests: index,
  },
  {
    breaks: 'a file of any size is parsed',
    file: 'src/workspace/symbols/sourceText.ts',
    from: 'if (size > LARGEST)',
    to: 'if (size > 1e12)',
    tests: index,
  },
  {
    breaks: 'every import is said to stand in the first line',
    file: 'src/workspace/symbols/extract.ts',
    from: 'this.imports.set(text, this.lineOf(row) + 1);',
    to: 'this.imports.set(text, 1);',
    tests: index,
  },
];
