import type { Frame, Page } from 'playwright-core';

/** The least contrast of text that WCAG 2.2 AA asks for. */
const LEAST_CONTRAST = 4.5;

/** What a person would be annoyed by in a page as it stands: clipped text, controls over each other, faint words.
 *  @param backdrop the colour behind a page that paints none itself, as in a side bar
 *  @returns one line a defect, none when there is nothing to mend */
export async function pageDefects(page: Page | Frame, backdrop: string): Promise<string[]> {
  return page.evaluate(findDefects, { backdrop, leastContrast: LEAST_CONTRAST });
}

type Colour = [red: number, green: number, blue: number, alpha: number];

/** Runs in the page, so it leans on nothing outside itself. */
function findDefects({ backdrop, leastContrast }: { backdrop: string; leastContrast: number }): string[] {
  const seen = [...document.body.querySelectorAll('*')].filter((element) =>
    element.checkVisibility({ visibilityProperty: true, opacityProperty: true }),
  );
  return [...tooWide(), ...seen.flatMap(clipped), ...crowded(), ...seen.flatMap(faint)];

  function tooWide(): string[] {
    const { scrollWidth, clientWidth } = document.documentElement;
    return scrollWidth > clientWidth ? [`the page is ${scrollWidth} px wide in ${clientWidth}`] : [];
  }

  function clipped(element: Element): string[] {
    const { clientWidth, scrollWidth } = element;
    if (clientWidth === 0 || scrollWidth <= clientWidth + 1) return [];
    return [`clipped: ${nameOf(element)}, ${scrollWidth} in ${clientWidth} px`];
  }

  /** What scrolls passes under what does not, so only controls that scroll together are compared. */
  function crowded(): string[] {
    const controls = seen.filter((element) => element.matches('button, textarea, input, summary, select, a'));
    return controls.flatMap((one, i) =>
      controls
        .slice(i + 1)
        .filter((other) => !one.contains(other) && one.closest('main') === other.closest('main') && meet(one, other))
        .map((other) => `overlap: ${nameOf(one)} and ${nameOf(other)}`),
    );
  }

  function meet(one: Element, other: Element): boolean {
    const [a, b] = [one.getBoundingClientRect(), other.getBoundingClientRect()];
    const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    return width > 1 && height > 1;
  }

  function faint(element: Element): string[] {
    // Where a control cannot be used, WCAG asks for no contrast.
    if (element.closest(':disabled')) return [];
    const speaks = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim());
    const hints = element.matches('textarea:placeholder-shown');
    return [
      ...(speaks ? fainter(element, getComputedStyle(element), '') : []),
      ...(hints ? fainter(element, getComputedStyle(element, '::placeholder'), 'placeholder of ') : []),
    ];
  }

  function fainter(element: Element, style: CSSStyleDeclaration, what: string): string[] {
    const background = behind(element);
    const [r, g, b, a] = colourOf(style.color);
    const opacity = lineage(element).reduce((product, at) => product * Number(getComputedStyle(at).opacity), 1);
    const ratio = contrast(over([r, g, b, a * opacity], background), background);
    return ratio < leastContrast ? [`contrast ${ratio.toFixed(2)}: ${what}${nameOf(element)}`] : [];
  }

  function behind(element: Element): Colour {
    const paint = (below: Colour, at: Element) => over(colourOf(getComputedStyle(at).backgroundColor), below);
    return lineage(element).reduce(paint, colourOf(backdrop));
  }

  function lineage(element: Element): Element[] {
    const chain: Element[] = [];
    for (let at: Element | null = element; at; at = at.parentElement) chain.unshift(at);
    return chain;
  }

  /** Whatever a style may call a colour, drawn and read back. */
  function colourOf(text: string): Colour {
    const canvas = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
    if (!canvas) return [0, 0, 0, 0];
    canvas.fillStyle = text;
    canvas.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0, alpha = 0] = canvas.getImageData(0, 0, 1, 1).data;
    return [red, green, blue, alpha / 255];
  }

  function over(top: Colour, below: Colour): Colour {
    const mix = (i: 0 | 1 | 2): number => top[i] * top[3] + below[i] * (1 - top[3]);
    return [mix(0), mix(1), mix(2), 1];
  }

  function contrast(one: Colour, other: Colour): number {
    const [dark = 0, light = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  }

  /** Relative luminance as WCAG 2.2 defines it. */
  function luminance([red, green, blue]: Colour): number {
    const linear = (value: number): number =>
      value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  }

  function nameOf(element: Element): string {
    const words = (element.getAttribute('aria-label') ?? element.textContent ?? '').trim().replace(/\s+/g, ' ');
    return `${element.tagName.toLowerCase()}.${element.className || '-'} “${words.slice(0, 40)}”`;
  }
}
