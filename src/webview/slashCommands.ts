/** What is done instead of said: the phases, and how the session goes on. Names are typed after a slash. */
export const SLASH_COMMANDS = [
  { name: 'idea', does: 'Begin with a paper or an idea' },
  { name: 'measure', does: 'Compare revisions; needs no model' },
  { name: 'noise', does: 'What two runs of the same code differ by' },
  { name: 'changes', does: 'Show what is proposed in one diff' },
  { name: 'review', does: 'Go through the proposed hunks in the editor' },
  { name: 'results', does: 'Show the results table' },
  { name: 'report', does: 'Open the report' },
  { name: 'pause', does: 'Pause; the session can go on later' },
  { name: 'stop', does: 'Stop the session or the run under way' },
  { name: 'retry', does: 'Go on from where it failed or stopped' },
  { name: 'branch', does: 'Begin a new session from a decision of this one' },
  { name: 'undo', does: 'Take back the last decision or adoption' },
  { name: 'sessions', does: 'Search all sessions and show one' },
] as const;

export type SlashCommand = (typeof SLASH_COMMANDS)[number]['name'];

/** The command that a message is, if it is one. */
export function slashCommandIn(text: string): SlashCommand | undefined {
  const word = /^\/(\w+)$/.exec(text.trim())?.[1];
  return SLASH_COMMANDS.find(({ name }) => name === word)?.name;
}
