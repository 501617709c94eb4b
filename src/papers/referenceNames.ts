const FAMILY_FIRST = /^\p{Lu}[\p{L}’' -]*,\s(?:\p{Lu}\.?[\s-]?)+(?:,|&|$|\sand\s|\.)/u;

/** The most authors that are told of one work. */
const MAX_NAMES = 200;

/** The authors that begin a bibliography's entry, each as Given Family: A. Ash and B. Birch; Ash, A., & Birch, B.;
 *  Ash, Ann and Birch, Bo. What is no name gives none. */
export function namesIn(text: string): string[] {
  const list = text
    .replace(/[\s.,]*\b(?:et al\.?|and others|eds?\.?|\(eds?\.?\))[\s.,]*$/i, '')
    .replace(/[\s,:;(]+$/, '')
    .trim();
  if (list.length === 0 || list.length > 4000) return [];
  const names = FAMILY_FIRST.test(list) ? familyFirst(list) : givenFirst(list);
  return names.filter((name) => /\p{L}{2}/u.test(name) && name.length < 60).slice(0, MAX_NAMES);
}

function familyFirst(list: string): string[] {
  return list.split(/(?<=\p{Lu}\.?),\s+(?:&\s+|and\s+)?|\s*&\s*|\s+and\s+/u).map((name) => {
    const [family = '', given] = name.split(/,\s*/);
    return given === undefined ? family.trim() : `${given.replace(/(\p{Lu})$/u, '$1.')} ${family}`.trim();
  });
}

function givenFirst(list: string): string[] {
  const joined = list.split(/\s+and\s+/);
  // "Ash, Ann and Birch, Bo": a comma within each name, and none between names.
  if (joined.length > 1 && joined.every((name) => /^[^,]+,\s[^,]+$/.test(name))) {
    return joined.map((name) => name.split(/,\s*/).reverse().join(' ').trim());
  }
  return list
    .split(/,\s+and\s+|,\s*&\s*|\s+and\s+|\s+&\s+|,\s+|;\s+/)
    .map((name) => name.replace(/^and\s+/, '').trim())
    .filter((name) => /^[\p{L}’'. -]+$/u.test(name) && /^(?:\p{Lu}|van |von |de )/u.test(name));
}
