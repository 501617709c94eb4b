import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type MapOptions,
  mapText,
  type RepositoryMap,
  repositoryMap,
} from '../../../src/workspace/map/repositoryMap.ts';
import { WorkspaceIndex } from '../../../src/workspace/symbols/workspaceIndex.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mlr-map-'));
});
afterEach(() => rm(root, { recursive: true }));

async function mapOf(files: Record<string, string>, options: MapOptions = {}): Promise<RepositoryMap> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), text);
  }
  const index = await WorkspaceIndex.open(root, { folder: null });
  try {
    await index.update();
    return await repositoryMap(index, options);
  } finally {
    index.close();
  }
}

const linesOf = ({ lines }: RepositoryMap, section: string): string[] =>
  lines.filter((line) => line.section === section).map(({ path, line, text }) => `${path}:${line ?? ''} ${text}`);

/** A repository as those who use hydra and PyTorch lay it out. */
const HYDRA = {
  'README.md': '# Segmenter\n\nSegments cells in microscope images. More follows.\n',
  'src/train.py': [
    '"""Train a segmenter."""',
    'import hydra, torch',
    'from src.models.unet import UNet',
    'from src.data.cells import Cells',
    '@hydra.main(config_path="../conf", config_name="config")',
    'def main(cfg):',
    '    torch.manual_seed(cfg.seed)',
    '    loss = UNet(cfg.depth)(1)',
    '    loss.backward()',
    '    print("val_dice", loss)',
    'if __name__ == "__main__":',
    '    main()',
  ].join('\n'),
  'src/eval.py':
    'import sys\nfrom src.models.unet import UNet\nif __name__ == "__main__":\n    print("dice", UNet(2))\n',
  'src/models/unet.py': 'class UNet:\n    """A U-Net with skips."""\n    def forward(self, x): return x\n',
  'src/models/attention.py': 'def scaled_attention(q, k):\n    """Softmax attention over patches."""\n    return q\n',
  'src/data/cells.py':
    'import pandas as pd\nclass Cells:\n    def __init__(self):\n        self.rows = pd.read_csv("data/cells.csv")\n',
  'conf/config.yaml': 'seed: 1\ndepth: 4\noptimizer: {lr: 0.1}\n',
  'conf/model/small.yaml': 'depth: 2\n',
  'data/cells.csv': 'image,mask\na.png,b.png\n',
  'tests/test_unet.py': 'from src.models.unet import UNet\nif __name__ == "__main__":\n    print("loss", UNet())\n',
};

describe('a map of a workspace', () => {
  it('tells what is started, read, scored and set, and the code that the rest stands on', async () => {
    const map = await mapOf(HYDRA);
    expect(map.about).toBe('Segments cells in microscope images.');
    const [first, second] = linesOf(map, 'Start here');
    expect(first).toMatch(/^src\/train\.py:11 trains: Train a segmenter;.*seed by cfg\.seed/);
    expect(second).toMatch(/^src\/eval\.py:3 scores/);
    expect(linesOf(map, 'Data')[0]).toBe('data/cells.csv: 23 B, read by src/data/cells.py:4; columns image, mask');
    expect(linesOf(map, 'Configuration')[0]).toBe('conf/config.yaml: seed, depth, optimizer');
    expect(linesOf(map, 'Scores')).toEqual(['src/eval.py:4 "dice", UNet(2)', 'src/train.py:10 "val_dice", loss']);
    expect(linesOf(map, 'Code')[0]).toMatch(/^src\/models\/unet\.py:1 class UNet “A U-Net with skips\.”/);
    expect(mapText(map)).not.toContain('test_unet');
  });

  it('names the last column of a wide table, which is often the one to predict', async () => {
    const pixels = Array.from({ length: 12 }, (_, i) => `p${i}`);
    const map = await mapOf({ 'data/train.csv': `id,${pixels.join(',')},label\n` });
    expect(linesOf(map, 'Data')[0]).toMatch(/; columns id, p0, p1, p2, p3, p4, p5, p6 and 6 more, the last label$/);
  });

  it('takes a name that a script puts together for no file that it reads', async () => {
    const script = [
      'import numpy as np',
      'train = np.load("data/train.npz")',
      'for name in ("val", "test"):',
      '    np.load(f"data/{name}.npz")',
      'if __name__ == "__main__":',
      '    main()',
    ].join('\n');
    const [line] = linesOf(await mapOf({ 'train.py': script }), 'Start here');
    expect(line).toMatch(/; reads data\/train\.npz$/);
  });

  it('puts first what has to do with an idea', async () => {
    const map = await mapOf(HYDRA, { about: 'replace the softmax attention over patches' });
    expect(linesOf(map, 'Code')[0]).toMatch(/^src\/models\/attention\.py/);
  });

  it('keeps within its budget, and keeps what matters most', async () => {
    const whole = await mapOf(HYDRA, { budget: 5000 });
    const small = await mapOf(HYDRA, { budget: 120 });
    expect(whole).toMatchObject({ leftOut: 0 });
    expect(small.leftOut).toBeGreaterThan(0);
    expect(small.tokens).toBeLessThanOrEqual(120);
    expect(small.tokens).toBe(Math.ceil(Buffer.byteLength(mapText(small)) / 4));
    expect(linesOf(small, 'Start here')[0]).toContain('src/train.py');
  });

  it('is the same for the same files', async () => {
    expect(mapText(await mapOf(HYDRA, { about: 'dice' }))).toBe(mapText(await mapOf(HYDRA, { about: 'dice' })));
  });

  it('says what the contract says, and reads nothing that is hidden', async () => {
    const map = await mapOf({
      'mlr.yaml': 'version: 1\nrun: "python3 go.py {seed}"\nmetrics: { dice: maximize }\nhidden: [truth.csv]\n',
      'go.py': 'import sys\nprint(sys.argv)\nopen("truth.csv")\nexit(0)\n',
      'truth.csv': 'secret_column\n1\n',
    });
    expect(linesOf(map, 'Experiment')).toContain('mlr.yaml:2 run: python3 go.py {seed}');
    expect(linesOf(map, 'Data')).toEqual(['truth.csv: 16 B, hidden: only the evaluation sees it']);
    expect(mapText(map)).not.toContain('secret_column');
  });

  it('reads neither the locked test set nor what lies outside', async () => {
    const map = await mapOf({
      'mlr.yaml': 'version: 1\nfinal: { evaluate: "x", hidden: [locked.csv] }\n',
      'go.py': 'import sys\nprint(sys.argv)\nopen("../outside.csv")\nexit(0)\n',
      'locked.csv': 'secret_column\n1\n',
    });
    expect(linesOf(map, 'Data')).toEqual(['locked.csv: 16 B, hidden: only the evaluation sees it']);
  });

  it('of nothing says so little', async () => {
    expect(mapText(await mapOf({}))).toMatch(/^# Map of mlr-map-\w+\n$/);
  });
});
