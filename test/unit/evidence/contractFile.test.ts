import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { splitWords } from '../../../src/evidence/command.ts';
import { ContractError, checkContract, parseContract } from '../../../src/evidence/contractFile.ts';

const GOOD = `version: 1
task: Tell digits apart.
run: "python3 train.py --seed {seed} --out {out}"
evaluate: "python3 evaluate.py {out}"
inputs: [data/train.csv]
hidden: [data/labels.csv]
metrics:
  accuracy: maximize
protected:
  - evaluate.py
budget: { wall: 90m, memory: 2GiB }
`;

const failure = (text: string): ContractError => {
  try {
    parseContract(text, 'mlr.yaml');
  } catch (error) {
    if (error instanceof ContractError) return error;
    throw error;
  }
  throw new Error('the contract was accepted');
};

describe('a contract', () => {
  it('is read with every default filled in', () => {
    const contract = parseContract(GOOD, 'mlr.yaml');
    expect(contract.seeds).toBe(10);
    expect(contract.budget).toEqual({ wall: 5400, memory: 2 * 1024 ** 3, gpus: 0, cpus: 1 });
  });

  it('takes a command as the list of its words, quoted like any other', () => {
    const words = ['bash', '-c', `cat "it's" | python3 train.py --seed {seed} --out {out}`, ''];
    const { run } = parseContract(GOOD.replace(/^run:.*$/m, `run: ${JSON.stringify(words)}`), 'mlr.yaml');
    expect(splitWords(run)).toEqual(words);
    expect(failure(GOOD.replace(/^run:.*$/m, 'run: []')).message).toMatch(/^mlr\.yaml:3:\d+ `run`: expected/);
    expect(failure(GOOD.replace(/^run:.*$/m, 'run: 7')).message).toBe(
      'mlr.yaml:3:1 `run`: expected text or a list, found 7',
    );
  });

  it('names file, line, column, key, what was expected and what was found', () => {
    expect(failure(GOOD.replace('maximize', 'max')).message).toBe(
      'mlr.yaml:8:3 `metrics.accuracy`: expected maximize or minimize, found "max"',
    );
  });

  it('names the nearest known key for an unknown one, at any depth', () => {
    expect(failure(GOOD.replace('hidden:', 'hiden:')).message).toBe(
      'mlr.yaml:6:1 `hiden`: unknown key; did you mean `hidden`?',
    );
    expect(failure(GOOD.replace('wall:', 'wal:')).message).toBe(
      'mlr.yaml:11:11 `budget.wal`: unknown key; did you mean `wall`?',
    );
  });

  it('collects every error and shows the first', () => {
    const error = failure(GOOD.replace('maximize', 'max').replace('version: 1', 'version: 2').replace('90m', 'long'));
    expect(error.all).toHaveLength(3);
    expect(error.message).toBe(`${error.all[0]} (and 2 more)`);
    expect(error.all).toContain(
      'mlr.yaml:11:11 `budget.wall`: expected seconds, or a duration such as 90m or 2h, found "long"',
    );
  });

  it('says which key is missing', () => {
    expect(failure(GOOD.replace(/^evaluate:.*\n/m, '')).message).toContain('`evaluate`: missing');
    expect(failure('').message).toContain('mlr.yaml:1:1 expected keys with values, found nothing');
  });

  it('gives the place of a YAML error', () => {
    expect(failure('version: 1\nrun: [a\ntask: b\n').message).toMatch(/^mlr\.yaml:\d+:\d+ /);
    expect(failure(`${GOOD}task: twice\n`).message).toMatch(/^mlr\.yaml:12:1 .*unique/);
  });

  it('refuses a path outside the workspace and a quote that is not closed', () => {
    expect(failure(GOOD.replace('data/train.csv', '../train.csv')).message).toBe(
      'mlr.yaml:5:10 `inputs.0`: expected a path inside the workspace folder, found "../train.csv"',
    );
    expect(failure(GOOD.replace('"python3 evaluate.py {out}"', "python3 'x")).message).toBe(
      "mlr.yaml:4:1 `evaluate`: a single quote is not closed in `python3 'x`",
    );
  });

  it('never throws anything but a contract error, whatever the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat({ max: GOOD.length }), (noise, at) => {
        try {
          parseContract(GOOD.slice(0, at) + noise + GOOD.slice(at), 'mlr.yaml');
        } catch (error) {
          expect(error).toBeInstanceOf(ContractError);
          expect((error as ContractError).all.every((message) => /^mlr\.yaml:\d+:\d+ /.test(message))).toBe(true);
        }
      }),
    );
  });
});

describe('files of a contract', () => {
  const source = { text: GOOD, fileName: 'mlr.yaml' };

  it('are named with their line where they are missing', () => {
    const contract = parseContract(GOOD, 'mlr.yaml');
    expect(() => checkContract(contract, (path) => path !== 'evaluate.py', source)).toThrow(
      'mlr.yaml:10:5 `protected.0`: no file `evaluate.py` in the workspace folder',
    );
    expect(() => checkContract(contract, () => true, source)).not.toThrow();
  });

  it('are refused where a run may read what is hidden', () => {
    const text = GOOD.replace('[data/train.csv]', '[data]');
    expect(() => checkContract(parseContract(text, 'mlr.yaml'), () => true, { text, fileName: 'mlr.yaml' })).toThrow(
      'mlr.yaml:6:10 `hidden.0`: `data/labels.csv` is also an input (`data`), which a run may read',
    );
  });

  it('are refused where a protected file varies, or a seed is listed twice', () => {
    const text = `${GOOD}varies: [evaluate.py]\nseeds: [1, 2, 1]\n`;
    try {
      checkContract(parseContract(text, 'mlr.yaml'), () => true, { text, fileName: 'mlr.yaml' });
      expect.unreachable();
    } catch (error) {
      expect((error as ContractError).all).toEqual([
        'mlr.yaml:12:10 `varies.0`: `evaluate.py` is protected or a test file, so no arm may change it',
        'mlr.yaml:13:15 `seeds.2`: seed 1 is listed twice',
      ]);
    }
  });
});
