const data = ['test/unit/workspace/data.test.ts'];
const map = ['test/unit/workspace/map.test.ts'];
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
    from: 'return /\\d$/.test(before) ? /^(?:\\d|\\.\\d)/.test(after) : ',
    to: 'return ',
    tests: modelEdits,
  },
  {
    breaks: 'an edit that was made already is made again',
    file: 'src/changes/looseContext.ts',
    from: 'put.has(line));',
    to: 'put.has(`${line} `));',
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
];
