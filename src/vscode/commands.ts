import type { Surface } from './surface.ts';

interface Command {
  /** Starts agents or runs, which a workspace that is not trusted must not do. */
  readonly runsCode: boolean;
  /** @param subject what a menu of ours was opened on: a session, a run, a hunk
   *  @param rest what the editor says besides */
  readonly run: (surface: Surface, subject: unknown, rest: readonly unknown[]) => Promise<void>;
}

/** Every command of the palette and the menus; each loads its work when it is run. */
export const commands = {
  'mlr.generateIdea': {
    runsCode: true,
    run: async (surface) => (await import('./generateIdea.ts')).generateIdea(surface),
  },
  'mlr.measure': {
    runsCode: true,
    run: async (surface, subject) => (await import('./measureRevisions.ts')).measureRevisions(surface, subject),
  },
  'mlr.measureWithOptions': {
    runsCode: true,
    run: async (surface) => (await import('./measureRevisions.ts')).measureWithOptions(surface),
  },
  'mlr.measureNoise': {
    runsCode: true,
    run: async (surface, subject) => (await import('./measureRevisions.ts')).measureNoise(surface, subject),
  },
  'mlr.writeContract': {
    runsCode: true,
    run: async (surface) => (await import('./writeContract.ts')).writeContract(surface),
  },
  'mlr.explainWorkspace': {
    runsCode: true,
    run: async (surface) => (await import('./explainWorkspace.ts')).explainWorkspace(surface),
  },
  'mlr.searchWorkspace': {
    runsCode: true,
    run: async (surface) => (await import('./searchWorkspace.ts')).searchWorkspace(surface),
  },
  'mlr.chooseModel': {
    runsCode: false,
    run: async (surface) => (await import('./chooseModel.ts')).chooseModel(surface.context.secrets),
  },
  'mlr.setKey': {
    runsCode: false,
    run: async (surface) => (await import('./modelKey.ts')).setModelKey(surface.context.secrets),
  },
  'mlr.editPrices': {
    runsCode: false,
    run: async () => (await import('./editPrices.ts')).editPrices(),
  },
  'mlr.answerGate': {
    runsCode: true,
    run: async (surface) => (await import('./answerGate.ts')).answerOpenGate(surface),
  },
  'mlr.focusQuestion': {
    runsCode: false,
    run: async (surface) => {
      await surface.showNewest();
      await surface.chat.focusQuestion();
    },
  },
  'mlr.compareIdeas': {
    runsCode: false,
    run: async (surface) => (await import('./ideasPanel.ts')).compareIdeas(surface),
  },
  'mlr.openPaperView': {
    runsCode: true,
    run: async (surface, subject) => (await import('./paperView.ts')).openPaperView(surface, subject),
  },
  'mlr.askAboutPaper': {
    runsCode: true,
    run: async (surface, subject) => (await import('./paperView.ts')).askAboutPaper(surface, subject),
  },
  'mlr.showSession': {
    runsCode: false,
    run: async (surface, subject) => (await import('./sessionCommands.ts')).showSession(surface, subject),
  },
  'mlr.showChanges': {
    runsCode: false,
    run: async (surface) => (await import('./sessionCommands.ts')).showNewestChanges(surface),
  },
  'mlr.acceptHunk': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).decideHunks(surface, 'accepted', subject, rest),
  },
  'mlr.rejectHunk': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).decideHunks(surface, 'rejected', subject, rest),
  },
  'mlr.reopenHunk': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).decideHunks(surface, 'open', subject, rest),
  },
  'mlr.acceptFile': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).decideFiles(surface, 'accepted', subject, rest),
  },
  'mlr.acceptAllHunks': {
    runsCode: false,
    run: async (surface) => (await import('./review/reviewCommands.ts')).decideAll(surface, 'accepted'),
  },
  'mlr.rejectFile': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).decideFiles(surface, 'rejected', subject, rest),
  },
  'mlr.rejectAllHunks': {
    runsCode: false,
    run: async (surface) => (await import('./review/reviewCommands.ts')).decideAll(surface, 'rejected'),
  },
  'mlr.undoDecision': {
    runsCode: false,
    run: async (surface) => (await import('./review/reviewCommands.ts')).undoDecision(surface),
  },
  'mlr.undoAdoption': {
    runsCode: true,
    run: async (surface, subject) => (await import('./adoption.ts')).undoAdoption(surface, subject),
  },
  'mlr.nextHunk': {
    runsCode: false,
    run: async (surface) => (await import('./review/reviewCommands.ts')).nextHunk(surface, 1),
  },
  'mlr.previousHunk': {
    runsCode: false,
    run: async (surface) => (await import('./review/reviewCommands.ts')).nextHunk(surface, -1),
  },
  'mlr.openHunk': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).openHunk(surface, subject, rest),
  },
  'mlr.compareHunk': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).compareHunk(surface, subject, rest),
  },
  'mlr.commentOnHunk': {
    runsCode: false,
    run: async (surface, subject, rest) =>
      (await import('./review/reviewCommands.ts')).commentOnHunk(surface, subject, rest),
  },
  'mlr.sendComment': {
    runsCode: true,
    run: async (surface, subject) => (await import('./review/reviewCommands.ts')).sendComment(surface, subject),
  },
  'mlr.finishReview': {
    runsCode: true,
    run: async (surface) => (await import('./review/reviewCommands.ts')).finishReview(surface),
  },
  'mlr.askForChanges': {
    runsCode: true,
    run: async (surface, subject) => (await import('./review/reviewCommands.ts')).askForChanges(surface, subject),
  },
  'mlr.followRun': {
    runsCode: false,
    run: async (surface, subject) => (await import('./followRun.ts')).followRun(surface, subject),
  },
  'mlr.openReport': {
    runsCode: false,
    run: async (surface, subject) => (await import('./sessionCommands.ts')).openReport(surface, subject),
  },
  'mlr.showResults': {
    runsCode: false,
    run: async (surface, subject) => (await import('./resultsPanel.ts')).showResults(surface, subject),
  },
  'mlr.acceptDoubt': {
    runsCode: true,
    run: async (surface, subject) => (await import('./acceptDoubt.ts')).acceptDoubt(surface, subject),
  },
  'mlr.pause': {
    runsCode: false,
    run: async (surface, subject) => (await import('./sessionCommands.ts')).pauseSession(surface, subject),
  },
  'mlr.stop': {
    runsCode: false,
    run: async (surface, subject) => (await import('./sessionCommands.ts')).stopSession(surface, subject),
  },
  'mlr.stopWork': {
    runsCode: false,
    run: async (surface, subject) => void (await (await import('./stopWork.ts')).stopWork(surface, subject)),
  },
  'mlr.stopRun': {
    runsCode: false,
    run: async (surface, subject) => (await import('./stopWork.ts')).stopRun(surface, subject),
  },
  'mlr.resume': {
    runsCode: true,
    run: async (surface, subject) => (await import('./sessionCommands.ts')).resumeSession(surface, subject),
  },
  'mlr.branchSession': {
    runsCode: true,
    run: async (surface, subject) => (await import('./branchSession.ts')).branchSession(surface, subject),
  },
  'mlr.refresh': {
    runsCode: false,
    run: async (surface) => (await import('./sessionCommands.ts')).refreshSessions(surface),
  },
  'mlr.showLog': {
    runsCode: false,
    run: async (surface) => surface.log.show(),
  },
} as const satisfies Record<string, Command>;

export type CommandName = keyof typeof commands;
