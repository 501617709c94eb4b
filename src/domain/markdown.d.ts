/** Prompts are Markdown files; the bundler and the test runner load them as text. */
declare module '*.md' {
  const text: string;
  export default text;
}
