const NUMBER = /^(?:(?:\d{1,2}|[A-Z])(?:\.\d{1,2}){0,3}\.?|[IVX]{1,5}\.|Appendix [A-Z][.:]?)\s+(?=\S)/;

/** A heading without its number, in lower case, its letters and digits only: what is compared when one is looked up. */
export function bareHeading(heading: string): string {
  return heading
    .normalize('NFKC')
    .trim()
    .replace(NUMBER, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, '');
}

/** Whether a heading stands above the bibliography. */
export function isReferences(heading: string): boolean {
  return /^(references|bibliography|literaturecited|workscited)$/.test(bareHeading(heading));
}
