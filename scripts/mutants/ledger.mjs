const log = ['test/unit/session/log.test.ts'];
const report = ['test/integration/evidence/report.test.ts'];
const outputs = ['test/unit/evidence/keptOutputs.test.ts'];
const runs = ['test/unit/session/verifyRuns.test.ts'];
const archive = ['test/unit/evidence/tarArchive.test.ts'];

/** What keeps records and reports true. @type {import('../mutants.mjs').Mutant[]} */
export const ledgerMutants = [
  {
    breaks: 'a line is not chained to the one before it',
    file: 'src/session/log.ts',
    from: '.update(previous + canonicalize(line))',
    to: '.update(String(canonicalize(line)))',
    tests: log,
  },
  {
    breaks: "a line's hash is not checked when it is read",
    file: 'src/session/log.ts',
    from: 'if (hash !== chain(previous, rest))',
    to: "if (hash === '')",
    tests: log,
  },
  {
    breaks: 'a body beside the log may be changed',
    file: 'src/session/log.ts',
    from: ".digest('hex') !== name)",
    to: ".digest('hex') === '')",
    tests: log,
  },
  {
    breaks: 'a torn last line is read as it is',
    file: 'src/session/log.ts',
    from: "const end = text.lastIndexOf('\\n') + 1;",
    to: 'const end = text.length;',
    tests: log,
  },
  {
    breaks: 'numbers of a report are not compared with their runs',
    file: 'src/evidence/claims.ts',
    from: 'if (agree(value, recorded)) return;',
    to: 'if (agree(value, value)) return;',
    tests: report,
  },
  {
    breaks: 'a number may be off by a thousandth',
    file: 'src/evidence/claims.ts',
    from: 'const AGREES = 1e-9;',
    to: 'const AGREES = 1;',
    tests: report,
  },
  {
    breaks: 'a verdict that does not follow from its runs is reported',
    file: 'src/evidence/claims.ts',
    from: 'if (recorded === follows) return;',
    to: 'if (recorded !== undefined) return;',
    tests: report,
  },
  {
    breaks: 'a kept output may be another than the one that was scored',
    file: 'src/evidence/keptOutputs.ts',
    from: 'return !isWhole || hashOfFiles(files) === recorded.sha256;',
    to: 'return !isWhole || recorded.sha256 !== null;',
    tests: outputs,
  },
  {
    breaks: 'an archive may write outside of its folder',
    file: 'src/evidence/tarArchive.ts',
    from: "if (type !== '0' || !isBelow(name))",
    to: "if (type !== '0')",
    tests: archive,
  },
  {
    breaks: 'leads with permuted labels are taken as recorded, not computed again from their runs',
    file: 'src/evidence/controlEvidence.ts',
    from: "assertSame('control/label-shuffle', controls.labelShuffle, found);",
    to: '',
    tests: ['test/integration/evidence/controls.test.ts'],
    named: 'stand in a copied report',
  },
  {
    breaks: 'what the baseline shows against itself is taken as recorded',
    file: 'src/evidence/controlEvidence.ts',
    from: 'roundOf(registration, blocks, secondOf(registration))',
    to: 'round',
    tests: ['test/integration/evidence/controls.test.ts'],
    named: 'stand in a copied report',
  },
  {
    breaks: 'the mean of a control may be another than that of its differences',
    file: 'src/evidence/controlClaims.ts',
    from: 'if (Math.abs(own - mean) > 1e-9',
    to: 'if (Math.abs(own - mean) > 1e9',
    tests: ['test/unit/evidence/controlClaims.test.ts'],
  },
  {
    breaks: 'what a run printed may be changed after it ended',
    file: 'src/session/verifyRuns.ts',
    from: 'if (found[name] === sha256) continue;',
    to: 'if (found[name] !== undefined) continue;',
    tests: runs,
  },
  {
    breaks: 'what a run wrote may be changed after it ended',
    file: 'src/session/verifyRuns.ts',
    from: 'if (found === output.sha256 ||',
    to: 'if (found !== null ||',
    tests: runs,
  },
  {
    breaks: 'whatever is found in an output passes once large files of it were removed',
    file: 'src/session/verifyRuns.ts',
    from: 'found === (await sumLeft(folder))',
    to: '(await sumLeft(folder)) !== null',
    tests: ['test/unit/session/cleaning.test.ts'],
  },
  {
    breaks: 'mlr clean removes what the contract keeps',
    file: 'src/session/cleaning.ts',
    from: 'return [...keep, ...',
    to: 'return keep.length < 0 ? keep : [...',
    tests: ['test/unit/session/cleaning.test.ts'],
  },
  {
    breaks: 'a run that took too long is no obstacle to a reproduction',
    file: 'src/evidence/reproduce.ts',
    from: '    problem: failure,',
    to: '    problem: null,',
    tests: ['test/integration/evidence/reproduce.test.ts'],
  },
  {
    breaks: 'mlr clean takes from sessions that can go on',
    file: 'src/session/cleaning.ts',
    from: "status !== 'finished' || held || problem !== null) continue;",
    to: 'held || problem !== null) continue;',
    tests: ['test/unit/session/cleaning.test.ts'],
  },
];
