/** Where TeX's encodings keep ligatures and dashes: bitmap fonts tell nothing but these places. */
const TEX_PLACES: Record<string, string> = {
  '\u000B': 'ff',
  '\u000C': 'fi',
  '\r': 'fl',
  '\u000E': 'ffi',
  '\u000F': 'ffl',
  '\u0010': '“',
  '\u0011': '”',
  '\u0015': '–',
  '\u0016': '—',
  '\u001B': 'ff',
  '\u001C': 'fi',
  '\u001D': 'fl',
  '\u001E': 'ffi',
  '\u001F': 'ffl',
};
const TEX_PLACE = new RegExp(
  `(?<=[\\p{L}\\d])[${Object.keys(TEX_PLACES).join('')}]|[${Object.keys(TEX_PLACES).join('')}](?=[\\p{L}\\d])`,
  'gu',
);

/** Ligatures as letters, accents that stand beside their letter put on it, spaces that are spaces. */
export function plainText(text: string): string {
  if (isPlain(text)) return text;
  return text
    .replace(TEX_PLACE, (place) => TEX_PLACES[place] ?? place)
    .replace(/[\uFB00-\uFB06]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/([\u00B4\u0060\u00A8\u02C6\u02DC])([A-Za-z])/g, (_, mark: string, letter: string) =>
      (letter + (COMBINING[mark] ?? '')).normalize('NFC'),
    )
    .replace(/\u0338\s?=/g, '≠')
    .replace(/[\u00AD\u200B-\u200D\uFEFF]/g, '')
    .replace(/[\u00A0\u2000-\u200A\u202F ]+/g, ' ');
}

const COMBINING: Record<string, string> = {
  '\u00B4': '\u0301',
  '\u0060': '\u0300',
  '\u00A8': '\u0308',
  '\u02C6': '\u0302',
  '\u02DC': '\u0303',
};

/** Most text is: letters, signs and single spaces that have been since typewriters. A tab parts cells. */
function isPlain(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const isSpace = code === 0x20 && text.charCodeAt(i + 1) === 0x20;
    if (((code < 0x20 || code > 0x7e) && code !== 0x09) || isSpace || code === 0x60) return false;
  }
  return true;
}
