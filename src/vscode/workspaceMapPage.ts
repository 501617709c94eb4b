import type { MapAnswer } from '../engine/reading.ts';

/** A map as Markdown, for a page in the folder `.mlr`: every place is a link that opens at its line. */
export function mapPage({ title, about, lines, leftOut, tokens }: Omit<MapAnswer, 'text'>): string {
  const parts = [
    `# Map of ${escaped(title)}`,
    ...(about === '' ? [] : [escaped(about)]),
    `*For agents, in about ${tokens} tokens. What is wrong or missing here they would not know: a README, docstrings and mlr.yaml mend it, and .mlrignore leaves files out.*`,
  ];
  let section = '';
  for (const line of lines) {
    if (line.section !== section) parts.push(`## ${line.section}`);
    section = line.section;
    parts.push(`- ${placeOf(line)} ${escaped(line.text)}`);
  }
  if (lines.length === 0) parts.push('There is nothing here yet that agents could be told of.');
  if (leftOut > 0) parts.push(`*${leftOut} lines of less worth do not fit. \`mlr map --budget 2000\` prints more.*`);
  return `${parts.join('\n\n').replace(/\n\n(?=- )/g, '\n')}\n`;
}

function placeOf({ path, line, section }: MapAnswer['lines'][number]): string {
  if (section === 'Folders') return `**${escaped(path)}**`;
  const place = line === null ? path : `${path}:${line}`;
  // Parentheses, which an address may hold, would end the link.
  const address = encodeURI(path).replace(/[()#?]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`);
  return `[${escaped(place)}](../${address}${line === null ? '' : `#L${line}`})`;
}

/** What a file says is shown, never a link or markup of the page. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|&~]/g, '\\$&');
}
