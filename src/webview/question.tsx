/** What a person is asked. The keyboard comes here by command alone, so it is no stop of the Tab key. */
export function Question({ text }: { text: string }) {
  return (
    <h2 class="question" tabIndex={-1}>
      {text}
    </h2>
  );
}
