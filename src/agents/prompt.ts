/** A prompt in its two parts: what an agent is always told, and this task. */
export interface Prompt {
  readonly system: string;
  readonly task: string;
}

const TASK = /^# Task$/m;
const SLOT = /\{\{(\w+)\}\}/g;

/** Fills a prompt file's `{{slots}}`. What stands above its heading `# Task` is the system's part.
 *  @throws TypeError where the file and the slots do not fit each other: a defect, not an input */
export function fillPrompt(markdown: string, slots: Readonly<Record<string, string>>): Prompt {
  const unused = new Set(Object.keys(slots));
  const fill = (text: string) =>
    text
      .replaceAll(SLOT, (_, name: string) => {
        const value = slots[name];
        if (value === undefined) throw new TypeError(`The prompt has a slot {{${name}}} that nothing fills.`);
        unused.delete(name);
        return value;
      })
      .replace(/\n{3,}/g, '\n\n')
      .trim();
  const [system, task] = markdown.split(TASK);
  if (system === undefined || task === undefined) throw new TypeError('A prompt needs the heading "# Task".');
  const filled = { system: fill(system), task: fill(task) };
  if (unused.size > 0) throw new TypeError(`The prompt has no slot for ${[...unused].join(', ')}.`);
  return filled;
}

/** Text by strangers, marked as such; it cannot end its own mark. Nothing becomes nothing. */
export function material(name: string, text: string): string {
  if (text.trim() === '') return '';
  return `<data name="${name}">\n${text.trimEnd().replaceAll(/<(?=\/?data\b)/gi, '‹')}\n</data>`;
}
