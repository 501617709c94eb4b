const NUMBER = /(?<![\w.])[-+−]?\d+(?:[.,]\d+)*(?:e[-+]?\d+)?(?![\w]|[.,]\d)/gi;

/** The numbers of a text that its material does not hold, rounded or not, as a share or in percent. Whole numbers up
 *  to ten are words ("2 of the runs"), not measurements.
 *  @param countsFromZero whether a whole number beside one of the material's may stand too: 60 passes are numbered to 59 */
export function strayNumbers(text: string, material: string, countsFromZero = false): string[] {
  const known = (material.match(NUMBER) ?? []).map(asNumber).filter(Number.isFinite);
  const stray = (text.match(NUMBER) ?? []).filter((written) => {
    const value = Math.abs(asNumber(written));
    if (Number.isInteger(value) && value <= 10) return false;
    if (countsFromZero && Number.isInteger(value) && known.some((one) => Math.abs(Math.abs(one) - value) === 1))
      return false;
    const tolerance = 0.5 * 10 ** -decimals(written) + 1e-12;
    return !known.some((one) => {
      const size = Math.abs(one);
      return Math.abs(size - value) <= tolerance || Math.abs(size * 100 - value) <= tolerance;
    });
  });
  return [...new Set(stray)];
}

function asNumber(written: string): number {
  return Number(
    written
      .replace('−', '-')
      .replaceAll(/,(?=\d{3}\b)/g, '')
      .replace(',', '.'),
  );
}

function decimals(written: string): number {
  const [, fraction = '', exponent = '0'] = /(?:[.](\d+))?(?:e([-+]?\d+))?$/i.exec(written) ?? [];
  return fraction.length - Number(exponent);
}
