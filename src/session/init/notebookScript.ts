/** A notebook's code cells, in order, as one script; shell and magic lines become comments.
 *  @throws SyntaxError where the text is no JSON */
export function notebookScript(name: string, json: string): string {
  const { cells = [] } = JSON.parse(json) as { cells?: { cell_type?: string; source?: string | string[] }[] };
  const code = cells
    .filter(({ cell_type }) => cell_type === 'code')
    .map(({ source = '' }) => (Array.isArray(source) ? source.join('') : source).trimEnd())
    .filter((text) => text !== '')
    .map((text) => text.replace(/^(\s*)([%!].*)$/gm, '$1# $2'));
  return `"""The code cells of ${name}, as a script that can be run for one seed."""\n\n${code.join('\n\n')}\n`;
}
