/** The parts of a map, in the order in which they are told. */
export const SECTIONS = ['Experiment', 'Start here', 'Data', 'Scores', 'Configuration', 'Code', 'Folders'] as const;
export type Section = (typeof SECTIONS)[number];

/** One line of a map. */
export interface MapLine {
  readonly section: Section;
  /** Relative to the workspace; '' where the line is about no file. */
  readonly path: string;
  /** From 1; null where the whole file is meant. */
  readonly line: number | null;
  readonly text: string;
  /** What it is worth to one who knows nothing yet; the least worth are left out first. */
  readonly worth: number;
}

/** Of names in a row, as many as say something. */
export function namesInRow(names: readonly string[], most: number): string {
  const shown = names.slice(0, most).join(', ');
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export function cut(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
