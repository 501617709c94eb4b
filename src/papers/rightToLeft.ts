const RIGHT_TO_LEFT = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/g;

/** What is written from left to right within a line of the other direction: numbers and words of other scripts. */
const ISLAND = /[A-Za-z0-9\u00C0-\u024F](?:[A-Za-z0-9\u00C0-\u024F.,:/%+-]*[A-Za-z0-9\u00C0-\u024F%])?/g;

const MIRRORED: Record<string, string> = {
  '(': ')',
  ')': '(',
  '[': ']',
  ']': '[',
  '{': '}',
  '}': '{',
  '«': '»',
  '»': '«',
};

/** A line as it is seen, from left to right, in the order in which it is read: turned round where most of its letters
 *  are Hebrew or Arabic, except for numbers and words of other scripts. Shapes of Arabic letters become the letters. */
export function inReadingOrder(line: string): string {
  const turned = line.match(RIGHT_TO_LEFT)?.length ?? 0;
  if (turned === 0 || turned < 0.5 * (line.match(/\p{L}/gu)?.length ?? 0)) return line;
  const read = [...line]
    .reverse()
    .map((char) => MIRRORED[char] ?? char)
    .join('');
  return read
    .replace(ISLAND, (island) => [...island].reverse().join(''))
    .replace(/[\uFB1D-\uFDFF\uFE70-\uFEFC]/g, (shape) => shape.normalize('NFKC'));
}
