/** Prompts are Markdown files; the bundler and the test runner load them as text. */
declare module '*.md' {
  const text: string;
  export default text;
}

/** Queries of the index are tree-sitter's own format, loaded in the same way. */
declare module '*.scm' {
  const text: string;
  export default text;
}
