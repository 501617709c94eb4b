export function plainPdf(pages: number, linesOf?: (page: number) => string[]): Buffer;
export function pdfOf(bodies: readonly Buffer[]): Buffer;
