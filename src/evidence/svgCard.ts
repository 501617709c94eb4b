import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

export interface Picture {
  readonly svg: string;
  /** What stands for the picture where it is not seen. */
  readonly alt: string;
}

/** A column of a card: marks go to it by its name. */
export interface Panel {
  readonly name: string;
  /** What stands below it: one line or two. */
  readonly column: string;
}

export interface Card {
  readonly title: string;
  readonly description: string;
  /** What the marks mean, written below them. */
  readonly legend: string;
  readonly marks: Plot.Markish[];
  /** From left to right. */
  readonly panels: readonly Panel[];
  /** Ends of the y axis. */
  readonly range: readonly [number, number];
}

const HEIGHT = 314;
const NARROWEST = 460;
const PANEL = 170;

/** Colours of a card that brings its own ground, so that it reads on any page; the darker one where dark is asked for.
 *  Baseline and variant differ in lightness too (Okabe and Ito, 2008). */
const STYLE = `
text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;font-size:12px;fill:#24292f}
.ground{fill:#ffffff;stroke:#d0d7de}.legend,.axis{fill:#57606a}
.variant circle,circle.variant{fill:#0072b2;stroke:none;fill-opacity:.75}
.baseline circle,circle.baseline{fill:#b35c00;stroke:none;fill-opacity:.75}
.mean line{stroke:#24292f}.zero line{stroke:#57606a}.minimum line{stroke:#9a3b00}
.band rect{fill:#0072b2;fill-opacity:.16;stroke:none}
[aria-label$=grid] line,[aria-label$=grid] path{stroke:#57606a;stroke-opacity:.25}
@media (prefers-color-scheme:dark){text{fill:#e6edf3}.ground{fill:#161b22;stroke:#3d444d}.legend,.axis{fill:#9da7b1}
.variant circle,circle.variant{fill:#56b4e9}.baseline circle,circle.baseline{fill:#f0a14a}
.mean line{stroke:#e6edf3}.zero line{stroke:#9da7b1}.minimum line{stroke:#ff9d5c}.band rect{fill:#56b4e9;fill-opacity:.22}
[aria-label$=grid] line,[aria-label$=grid] path{stroke:#9da7b1}}
`;

/** Draws a picture of its own: no font or file is fetched, and the same numbers give the same letters. */
export function svgCard({ title, description, legend, marks, panels, range }: Card): Picture {
  const { document } = parseHTML('<html><body></body></html>');
  const columns = new Map(panels.map(({ name, column }) => [name, column]));
  const width = Math.max(NARROWEST, 90 + PANEL * panels.length);
  const plot = Plot.plot({
    document,
    width,
    height: HEIGHT,
    marginLeft: 70,
    marginRight: 20,
    marginTop: 46,
    marginBottom: 30,
    x: { domain: [0, 1], axis: null },
    y: { domain: range, label: null, grid: true },
    fx: {
      domain: [...columns.keys()],
      label: null,
      axis: 'bottom',
      tickFormat: (name: string) => columns.get(name) ?? name,
    },
    marks,
  });
  for (const style of plot.querySelectorAll('style')) style.remove();
  const drawn = rounded(plot.innerHTML);
  const label = escaped(title);
  const height = HEIGHT + 54;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" fill="currentColor" text-anchor="middle">`,
    `<title id="title">${label}</title>`,
    `<desc id="description">${escaped(description)}</desc>`,
    `<style>${STYLE.trim()}</style>`,
    `<rect class="ground" x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6"/>`,
    `<g font-size="12">${drawn}</g>`,
    `<text x="16" y="22" text-anchor="start" font-weight="600">${label}</text>`,
    ...wrapped(legend, Math.floor((width - 32) / 6.4)).map(
      (line, i) =>
        `<text class="legend" x="16" y="${HEIGHT + 26 + 16 * i}" text-anchor="start">${escaped(line)}</text>`,
    ),
    '</svg>\n',
  ].join('\n');
  return { svg, alt: `${title}. ${description}` };
}

/** Coordinates to a hundredth: the last bits of a number differ between machines. */
function rounded(markup: string): string {
  return markup.replace(/-?\d+\.\d{3,}(?:e[+-]?\d+)?(?=[^<>]*>)/g, (number) =>
    String(Number(Number(number).toFixed(2))),
  );
}

function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + word.length < width) lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;');
}
