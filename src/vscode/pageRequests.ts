import * as vscode from 'vscode';
import type { SlashCommand, ToHost } from '../webview/messages.ts';
import type { Surface } from './surface.ts';

type Request<T extends ToHost['type']> = Extract<ToHost, { type: T }>;
/** What the chat view settles with the page itself. */
type OfTheView = 'ready' | 'draft' | 'askMentions' | 'askHunks';
type OfTheSession = Exclude<ToHost['type'], OfTheView>;

/** Does what the chat page asks of the session that it shows, and of the editor. */
export async function fulfil(surface: Surface, message: Request<OfTheSession>): Promise<void> {
  const request = requests[message.type] as (surface: Surface, message: ToHost) => Promise<void>;
  await request(surface, message);
}

const requests: { [T in OfTheSession]: (surface: Surface, message: Request<T>) => Promise<void> } = {
  begin: () => run('mlr.generateIdea'),
  answer: async (surface, { gate, answer }) => {
    surface.demandTrust();
    await surface.shownSession.answer(gate, answer);
  },
  say: async ({ shownSession }, { text }) => {
    await shownSession.say((await import('./mentions.ts')).explained(shownSession, text));
  },
  command: (surface, { name }) => run(...slashCommand(name, surface)),
  pause: (surface) => surface.shownSession.pause(),
  stop: (surface) => surface.shownSession.stop(),
  resume: async (surface) => {
    surface.demandTrust();
    await surface.shownSession.resume();
  },
  branch: (surface, { gate, keepAnswer }) =>
    run('mlr.branchSession', { session: surface.shownSession.id, gate, keepAnswer }),
  showSession: (_, { session }) => run('mlr.showSession', { session }),
  showChanges: ({ changedFiles, shownSession }, { changes }) => changedFiles.show(shownSession, changes),
  decide: ({ reviewing }, { hunks, decision }) => reviewing.review.decide(hunks, decision),
  undoDecision: ({ reviewing }) => reviewing.review.undo(),
  undoAdoption: async (surface) => (await import('./adoption.ts')).undoAdoption(surface, undefined),
  mergeFile: async (surface, { path }) => (await import('./adoption.ts')).mergeFile(surface, path),
  measureNow: () => run('mlr.measure', { baseline: 'HEAD', variants: ['worktree'] }),
  review: ({ reviewing }) => {
    const { open, all } = reviewing.review.tally();
    return run('mlr.openHunk', { hunks: open.length > 0 ? open : all });
  },
  followRun: async (surface, { run: id }) => (await import('./followRun.ts')).followRun(surface, id),
  openReport: async (surface) => (await import('./sessionCommands.ts')).openReport(surface, undefined),
  openResults: async (surface) =>
    (await import('./resultsPanel.ts')).showResults(surface, { session: surface.shownSession.id }),
  acceptDoubt: async (surface, { check }) => {
    surface.demandTrust();
    await (await import('./acceptDoubt.ts')).acceptDoubt(surface, { session: surface.shownSession.id, check });
  },
  compareIdeas: () => run('mlr.compareIdeas'),
  openPaper: async (surface) => (await import('./sessionCommands.ts')).openPaper(surface),
};

async function run(command: string, ...subject: readonly unknown[]): Promise<void> {
  await vscode.commands.executeCommand(command, ...subject);
}

/** The command of the palette that a word after a slash stands for. */
function slashCommand(name: SlashCommand, surface: Surface): [command: string, ...subject: unknown[]] {
  const session = { session: surface.shownSession.id };
  switch (name) {
    case 'idea':
      return ['mlr.generateIdea'];
    case 'measure':
      return ['mlr.measure'];
    case 'noise':
      return ['mlr.measureNoise'];
    case 'changes':
      return ['mlr.showChanges'];
    case 'review':
      return ['mlr.nextHunk'];
    case 'results':
      return ['mlr.showResults', session];
    case 'report':
      return ['mlr.openReport'];
    case 'pause':
      return ['mlr.pause'];
    case 'stop':
      return ['mlr.stopWork', session];
    case 'retry':
      return ['mlr.resume'];
    case 'branch':
      return ['mlr.branchSession', session];
    case 'undo':
      return [surface.reviewing.review.current ? 'mlr.undoDecision' : 'mlr.undoAdoption'];
    case 'sessions':
      return ['mlr.showSession'];
  }
}
