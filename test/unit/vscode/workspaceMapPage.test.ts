import { describe, expect, it } from 'vitest';
import { mapPage } from '../../../src/vscode/workspaceMapPage.ts';

describe('the page of a map', () => {
  it('links every place to its line, and shows what files say as text', () => {
    const page = mapPage({
      ...{ title: 'a_b', about: 'Reads *digits*.', leftOut: 2, tokens: 50 },
      lines: [
        { section: 'Start here', path: 'src/my train.py', line: 7, text: 'trains: [x](http://e)', worth: 9 },
        { section: 'Data', path: 'data/a.csv', line: null, text: '1 kB', worth: 5 },
        { section: 'Data', path: 'data/b (1)#2.csv', line: null, text: '2 kB', worth: 4 },
        { section: 'Folders', path: 'src', line: null, text: '3 files', worth: 1 },
      ],
    });
    expect(page).toContain('# Map of a\\_b\n\nReads \\*digits\\*.\n');
    expect(page).toContain('## Start here\n- [src/my train.py:7](../src/my%20train.py#L7) trains: \\[x\\](http://e)\n');
    expect(page).toContain('- [data/a.csv](../data/a.csv) 1 kB');
    expect(page).toContain('(../data/b%20%281%29%232.csv) 2 kB');
    expect(page).toContain('- **src** 3 files');
    expect(page).toContain('2 lines of less worth do not fit');
  });
});
