/** A line that begins a call, and an answer that is one from its first character. */
const CALL = /(?:^|\n)[ \t]*(?:```(?:tool|json)|<tool_call>)|^\s*[{[]/;
/** A last line that may yet become one. */
const MAYBE = /(?:^|\n)[ \t]*(?:`{1,3}[a-z]*|<[a-z_]*)$/;

/** Passes on the words of an answer up to where its calls begin: those are shown to people as calls. */
export function proseOnly(onText: (delta: string) => void): (delta: string) => void {
  let heard = '';
  let passed = 0;
  return (delta) => {
    heard += delta;
    const end = CALL.exec(heard)?.index ?? MAYBE.exec(heard)?.index ?? heard.length;
    if (end <= passed) return;
    onText(heard.slice(passed, end));
    passed = end;
  };
}
