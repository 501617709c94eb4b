import { AgentError } from './agentError.ts';

/** A prompt in its two parts: what an agent is always told, and this task. */
export interface Prompt {
  readonly system: string;
  readonly task: string;
}

/** A prompt that a researcher has put in the place of the tool's own. */
export interface OwnPrompt {
  /** Relative to the workspace. */
  readonly file: string;
  readonly text: string;
  readonly sha256: string;
}

const TASK = /^# Task$/m;
const SLOT = /\{\{(\w+)\}\}/g;

/** Fills a prompt file's `{{slots}}`. What stands above its heading `# Task` is the system's part.
 *  @param own stands in the place of the tool's own words
 *  @throws AgentError `prompt` naming the line where a researcher's file does not fit; TypeError where the tool's own
 *  does not: a defect */
export function fillPrompt(markdown: string, slots: Readonly<Record<string, string>>, own?: OwnPrompt): Prompt {
  const text = own?.text.replaceAll('\r\n', '\n') ?? markdown;
  const problem = problemOf(text, Object.keys(slots));
  if (problem !== null) {
    const { line, message } = problem;
    if (!own) throw new TypeError(`A prompt of the tool does not fit its agent, line ${line}: ${message}`);
    throw new AgentError('prompt', `${own.file}:${line}: ${message}; mend the file, or remove it for the tool's own.`);
  }
  const filling = (name: string) => slots[name]?.trim() ?? '';
  // Only the prompt's own blank lines close up: material, code above all, stays as it was written.
  const fill = (part: string) =>
    part
      .replaceAll(SLOT, (slot, name: string) => (filling(name) === '' ? '' : slot))
      .replace(/\n{3,}/g, '\n\n')
      .trim()
      .replaceAll(SLOT, (_, name: string) => filling(name));
  const [system = '', task = ''] = text.split(TASK);
  return { system: fill(system), task: fill(task) };
}

/** What keeps a prompt from being used, and the line it is about (from 1). */
function problemOf(text: string, slots: readonly string[]): { line: number; message: string } | null {
  const heading = text.search(TASK);
  const end = text.trimEnd().split('\n').length;
  if (heading < 0) return { line: end, message: 'the heading "# Task" is missing, which begins what is asked for' };
  const found = [...text.matchAll(SLOT)];
  const unknown = found.find(([, name = '']) => !slots.includes(name));
  if (unknown) {
    const line = text.slice(0, unknown.index).split('\n').length;
    return { line, message: `nothing fills the slot ${unknown[0]}; there are ${slots.map(inBraces).join(', ')}` };
  }
  const missing = slots.find((slot) => !found.some(([, name]) => name === slot));
  const line = text.slice(0, heading).split('\n').length;
  return missing === undefined ? null : { line, message: `the slot ${inBraces(missing)} is missing below "# Task"` };
}

function inBraces(name: string): string {
  return `{{${name}}}`;
}

/** Text by strangers, marked as such; it cannot end its own mark. Nothing becomes nothing. */
export function material(name: string, text: string): string {
  if (text.trim() === '') return '';
  return `<data name="${name}">\n${text.trimEnd().replaceAll(/<(?=\/?data\b)/gi, '‹')}\n</data>`;
}

/** A text for a prompt, cut where it is longer than so many characters, and then it says so. */
export function clipped(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}\n[…]` : text;
}
