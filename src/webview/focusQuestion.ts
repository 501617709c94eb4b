/** Puts the keyboard at the newest question that waits for an answer: a screen reader then says it, and the next stop of
 *  the Tab key is its first choice. Where none waits, where one writes to the agents. */
export function focusQuestion(page: ParentNode): void {
  const questions = page.querySelectorAll<HTMLElement>('.question');
  const goal =
    questions[questions.length - 1] ?? page.querySelector<HTMLElement>('.composer textarea, .welcome button');
  goal?.focus();
}
