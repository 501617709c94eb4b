import * as vscode from 'vscode';
import type { EngineApi } from '../engine/api.ts';
import type { SearchAnswer } from '../engine/reading.ts';
import type { Surface } from './surface.ts';

type Hit = SearchAnswer['hits'][number];
interface HitItem extends vscode.QuickPickItem {
  /** Not there where nothing was found. */
  readonly hit?: Hit;
}

/** Searches the workspace's definitions while a person types, and opens what is chosen at its line. */
export async function searchWorkspace(surface: Surface): Promise<void> {
  const folder = await surface.engines.chooseFolder();
  if (!folder) return;
  const { engine } = await surface.engines.of(folder);
  const hit = await pickHit(await engine());
  if (hit === undefined) return;
  const place = new vscode.Range(hit.line - 1, 0, hit.line - 1, 0);
  await vscode.window.showTextDocument(vscode.Uri.joinPath(folder.uri, hit.path), { selection: place });
}

async function pickHit(engine: Pick<EngineApi, 'searchWorkspace'>): Promise<Hit | undefined> {
  const pick = vscode.window.createQuickPick<HitItem>();
  pick.title = 'MLR Copilot: Search Workspace';
  pick.placeholder = 'A question, a name, or the words of an error';
  try {
    return await new Promise((resolve, reject) => {
      const typed = new Searching(engine, pick);
      pick.onDidChangeValue(() => typed.search().catch(reject));
      pick.onDidAccept(() => resolve(pick.activeItems[0]?.hit));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
      // The first look brings the index up to date while the person thinks.
      typed.search().catch(reject);
    });
  } finally {
    pick.dispose();
  }
}

/** One search at a time: whoever types faster than it answers is answered for the last words. */
class Searching {
  readonly #engine: Pick<EngineApi, 'searchWorkspace'>;
  readonly #pick: vscode.QuickPick<HitItem>;
  #changed = true;
  #isBusy = false;

  constructor(engine: Pick<EngineApi, 'searchWorkspace'>, pick: vscode.QuickPick<HitItem>) {
    this.#engine = engine;
    this.#pick = pick;
  }

  async search(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    this.#pick.busy = true;
    try {
      await this.#untilAnswered();
    } finally {
      this.#isBusy = false;
      this.#pick.busy = false;
    }
  }

  async #untilAnswered(): Promise<void> {
    for (let question: string | null = null; question !== this.#pick.value; ) {
      question = this.#pick.value;
      const { hits, files, symbols } = await this.#engine.searchWorkspace({ question, changed: this.#changed });
      this.#changed = false;
      this.#pick.items = hits.length > 0 || question.trim() === '' ? hits.map(itemOf) : [NOTHING];
      this.#pick.title = `MLR Copilot: Search Workspace (${symbols} definitions in ${files} files)`;
    }
  }
}

const NOTHING: HitItem = { label: 'Nothing in this workspace holds these words', alwaysShow: true };

const ICONS: Readonly<Record<string, string>> = {
  file: 'symbol-file',
  function: 'symbol-function',
  method: 'symbol-method',
  class: 'symbol-class',
  key: 'symbol-key',
  section: 'symbol-namespace',
};

function itemOf(hit: Hit): HitItem {
  const label = `$(${ICONS[hit.kind] ?? 'symbol-misc'}) ${hit.name}`;
  // A hit answers by its meaning, so it is shown whether or not its name holds the words.
  return { label, description: `${hit.path}:${hit.line}`, detail: hit.doc || hit.signature, alwaysShow: true, hit };
}
