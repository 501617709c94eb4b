const added = ['test/unit/evidence/addedFiles.test.ts'];

/** What keeps hidden labels from a variant. @type {import('../mutants.mjs').Mutant[]} */
export const hiddenMutants = [
  {
    breaks: 'what agents read before it was hidden counts for nothing',
    file: 'src/evidence/hiddenCheck.ts',
    from: 'if (seen.length > 0) return seen;',
    to: '',
    tests: ['test/unit/evidence/addedFiles.test.ts'],
    named: 'before they were hidden',
  },
  {
    breaks: 'a variant that brings a copy of the labels makes the others invalid too',
    file: 'src/evidence/hiddenCheck.ts',
    from: '...(revision !== undefined && { revision }) };',
    to: '};',
    tests: ['test/unit/evidence/addedFiles.test.ts'],
    named: 'byte for byte',
  },
  {
    breaks: 'labels within a text of a text, or with a sign between, are not found',
    file: 'src/evidence/labelSearch.ts',
    from: 'return isOther ? larger(found, this.#among(letters)) : found;',
    to: 'return found;',
    tests: ['test/unit/evidence/labelSearch.test.ts'],
    named: 'beside their ids',
  },
  {
    breaks: 'an idea from an earlier session carries nothing on of what that one read',
    file: 'src/session/hiddenReads.ts',
    from: 'if (at < 0) continue;',
    to: 'continue;',
    tests: ['test/unit/session/hiddenReads.test.ts'],
  },
  {
    breaks: 'an agent that profiles a folder with hidden files has not read them',
    file: 'src/session/hiddenReads.ts',
    from: 'return isWhole ? places',
    to: 'return at === places[0] ? places',
    tests: ['test/unit/session/hiddenReads.test.ts'],
  },
  {
    breaks: 'copied labels are a doubt only',
    file: 'src/evidence/labelFinding.ts',
    from: 'return agreeing >= 0.98 * of;',
    to: 'return agreeing >= 1.5 * of;',
    tests: added,
  },
  {
    breaks: "the baseline's own text counts as added",
    file: 'src/evidence/hiddenCheck.ts',
    from: 'own.filter((finding) => !earlier.some((one) => holdsAsMuch(one, finding))));',
    to: 'own);',
    tests: added,
  },
  {
    breaks: 'half as many bits are enough to accuse',
    file: 'src/evidence/hiddenLabels.ts',
    from: 'export const LEAST_BITS = 48;',
    to: 'export const LEAST_BITS = 20;',
    tests: [...added, 'test/unit/evidence/labelSearch.test.ts'],
  },
  {
    breaks: 'nobody is told of submodules',
    file: 'src/evidence/absentContent.ts',
    from: 'mode === SUBMODULE',
    to: "mode === 'none'",
    tests: ['test/unit/evidence/absentContent.test.ts'],
  },
  {
    breaks: 'nobody is told of LFS pointers',
    file: 'src/evidence/absentContent.ts',
    from: "text.includes('filter=lfs')",
    to: 'false',
    tests: ['test/unit/evidence/absentContent.test.ts'],
  },
];
