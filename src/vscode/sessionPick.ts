import * as vscode from 'vscode';
import type { IndexedSession } from './sessionIndex.ts';
import type { Surface } from './surface.ts';
import { statusWords } from './treeNodes.ts';

/** After so long without a key the sessions are searched. Milliseconds. */
const PAUSE = 150;

interface Entry extends vscode.QuickPickItem {
  readonly session: IndexedSession;
}

/** Lets the person choose a session by what it is called, how it stands and when it began, and by what was read, proposed,
 *  found and said in it.
 *  @returns undefined when nothing was chosen */
export async function pickAmong(
  sessions: readonly IndexedSession[],
  surface: Surface,
): Promise<IndexedSession | undefined> {
  const pick = vscode.window.createQuickPick<Entry>();
  pick.placeholder = 'Which session shall be shown? Words of its idea, paper, verdict or chat find it too.';
  pick.matchOnDescription = true;
  pick.matchOnDetail = true;
  pick.items = sessions.map((session) => entryOf(session, undefined));
  let timer: NodeJS.Timeout | undefined;
  const search = async (words: string): Promise<void> => {
    const { found, complete } = await excerptsFor(sessions, surface, words);
    // Other words by now: their own search tells.
    if (pick.value !== words) return;
    pick.title = complete ? undefined : 'Only the newest sessions were searched: the rest took too long';
    pick.items = sessions.map((session) => entryOf(session, found.get(session.id)));
  };
  pick.onDidChangeValue((words) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      pick.busy = true;
      search(words)
        .finally(() => {
          pick.busy = false;
        })
        .catch((error: unknown) => surface.log.failure(error));
    }, PAUSE);
  });
  try {
    return await new Promise((resolve) => {
      pick.onDidAccept(() => resolve(pick.selectedItems[0]?.session));
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
  } finally {
    clearTimeout(timer);
    pick.dispose();
  }
}

/** What the engines found, by session. */
async function excerptsFor(
  sessions: readonly IndexedSession[],
  { engines }: Surface,
  words: string,
): Promise<{ found: Map<string, string>; complete: boolean }> {
  const folders = new Set(sessions.map(({ folder }) => folder));
  const answers = await Promise.all(
    [...folders].map(async (folder) => {
      const engine = await (await engines.of(folder)).engine();
      return engine.searchSessions(words);
    }),
  );
  const found = answers.flatMap((answer) => answer.found);
  return {
    found: new Map(found.map(({ session, of, excerpt }) => [session, `${of}: ${excerpt}`])),
    complete: answers.every(({ complete }) => complete),
  };
}

function entryOf(session: IndexedSession, excerpt: string | undefined): Entry {
  const begun = session.startedAt === '' ? '' : new Date(session.startedAt).toLocaleString();
  return {
    label: session.head.title,
    // Branches may be called alike.
    description: [statusWords(session), excerpt === undefined ? '' : begun].filter(Boolean).join(' · '),
    detail: excerpt ?? begun,
    // What is found in a session stands in no label.
    alwaysShow: excerpt !== undefined,
    session,
  };
}
