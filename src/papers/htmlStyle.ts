import { allIn, type Element, rawText } from './htmlTree.ts';

/** Values by property, in small letters. */
export type Declared = Readonly<Record<string, string>>;

interface Rule {
  readonly tag: string;
  readonly id: string;
  readonly classes: readonly string[];
  readonly style: Declared;
}

/** What decides whether an element is seen. */
const TELLING = new Set([
  'display',
  'visibility',
  'opacity',
  'color',
  'background',
  'background-color',
  'font-size',
  'text-indent',
  'position',
  'left',
  'right',
  'top',
  'clip',
  'clip-path',
]);

/** The most rules of a page's own style sheets that are looked at. */
const MAX_RULES = 5_000;

/** How elements are styled by their own attribute and by the page's style sheets, as far as a rule's selector is a tag, an
 *  id or classes; of rules that clash the last holds. */
export function styleReader(page: Element): (element: Element) => Declared {
  const rules = byKey(allIn(page, ({ name }) => name === 'style').flatMap((sheet) => rulesIn(rawText(sheet))));
  const known = new Map<Element, Declared>();
  return (element) => {
    const before = known.get(element);
    if (before) return before;
    const { id, class: classes = '', style = '' } = element.attributes;
    const keys = [element.name, ...classes.split(/\s+/).map((one) => `.${one}`), `#${id}`];
    const own = keys.flatMap((key) => rules.get(key) ?? []).filter((rule) => applies(rule, element));
    const all = Object.assign({}, ...own.map((rule) => rule.style), declarations(style));
    known.set(element, all);
    return all;
  };
}

/** Rules by the one thing that an element must have for each to apply. */
function byKey(rules: readonly Rule[]): Map<string, Rule[]> {
  const keyed = new Map<string, Rule[]>();
  for (const rule of rules.slice(0, MAX_RULES)) {
    const key = keyOf(rule);
    keyed.set(key, [...(keyed.get(key) ?? []), rule]);
  }
  return keyed;
}

function keyOf({ tag, id, classes: [first] }: Rule): string {
  if (first !== undefined) return `.${first}`;
  return id === '' ? tag : `#${id}`;
}

function applies({ tag, id, classes }: Rule, { name, attributes }: Element): boolean {
  const own = (attributes.class ?? '').split(/\s+/);
  return (
    (tag === '' || tag === name) && (id === '' || id === attributes.id) && classes.every((one) => own.includes(one))
  );
}

/** The rules of a style sheet that hold for every screen; what stands within @media and its like is left out. */
function rulesIn(sheet: string): Rule[] {
  const plain = sheet.replace(/\/\*[\s\S]*?\*\//g, '').replace(/@[^;{}]*(?:;|\{(?:[^{}]|\{[^{}]*\})*\})/g, '');
  return [...plain.matchAll(/([^{}]+)\{([^{}]*)\}/g)].flatMap(([, selectors = '', body = '']) => {
    const style = declarations(body);
    if (Object.keys(style).length === 0) return [];
    return selectors.split(',').flatMap((selector) => {
      const [all, tag = '', rest = ''] = /^([a-z][\w-]*)?((?:[.#][\w-]+)*)$/i.exec(selector.trim()) ?? [];
      if (!all) return [];
      const marks = rest.match(/[.#][\w-]+/g) ?? [];
      const named = (mark: string) => marks.filter((one) => one.startsWith(mark)).map((one) => one.slice(1));
      return [{ tag: tag.toLowerCase(), id: named('#')[0] ?? '', classes: named('.'), style }];
    });
  });
}

function declarations(text: string): Declared {
  const style: Record<string, string> = {};
  for (const declaration of text.split(';')) {
    const colon = declaration.indexOf(':');
    const property = declaration.slice(0, colon).trim().toLowerCase();
    if (colon < 0 || !TELLING.has(property)) continue;
    style[property] = declaration
      .slice(colon + 1)
      .replace(/!\s*important/i, '')
      .trim()
      .toLowerCase();
  }
  return style;
}
