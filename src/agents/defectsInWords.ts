import { clipped, material } from './prompt.ts';

const MOST = { defects: 6, characters: 800 };

/** Defects of the code as it is that agents before reported, for those after them; '' where there are none. */
export function defectsInWords(defects: readonly string[]): string {
  if (defects.length === 0) return '';
  const shown = defects.slice(0, MOST.defects).map((text) => `- ${clipped(text, MOST.characters)}`);
  const more = defects.length > shown.length ? [`and ${defects.length - shown.length} more`] : [];
  return `Defects that the code had before, as agents before you reported them; no part of the idea, and mended in every arm alike by the Debug agent when a run meets them. Lines are those of the files before any change:\n${material('defects', [...shown, ...more].join('\n'))}`;
}
