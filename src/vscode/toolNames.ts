/** What other agents of the editor can ask for, as package.json names it. */
export const TOOLS = ['mlr_searchPapers', 'mlr_measure', 'mlr_readRun', 'mlr_reproduce'] as const;
export type ToolName = (typeof TOOLS)[number];
