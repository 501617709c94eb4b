/** A title as a name for files and branches. */
export function slug(title: string): string {
  const words = title
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .match(/[a-z0-9]+/g) ?? ['idea'];
  let name = words[0]?.slice(0, 40) ?? 'idea';
  for (const word of words.slice(1)) {
    if (name.length + word.length >= 48) break;
    name += `-${word}`;
  }
  return name;
}
