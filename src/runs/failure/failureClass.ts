import type { Traceback } from '../traceback.ts';

/** What kind of thing went wrong, in the words that a repair starts from. */
export type FailureClass =
  | 'missing module'
  | 'shape'
  | 'dtype'
  | 'memory'
  | 'path'
  | 'data'
  | 'syntax'
  | 'time-out'
  | 'non-determinism'
  | 'its own edit'
  | 'other';

/** Exceptions that tell it by their name. */
const BY_ERROR: readonly (readonly [RegExp, FailureClass])[] = [
  [/^(?:SyntaxError|IndentationError|TabError)$/, 'syntax'],
  [/^ModuleNotFoundError$/, 'missing module'],
  [/(?:^|\.)(?:MemoryError|_ArrayMemoryError|OutOfMemoryError)$/, 'memory'],
  [/^(?:FileNotFoundError|NotADirectoryError|IsADirectoryError|PermissionError|FileExistsError)$/, 'path'],
  [
    /(?:^|\.)(?:UnicodeDecodeError|JSONDecodeError|UnpicklingError|ParserError|EmptyDataError|BadZipFile|KeyError)$/,
    'data',
  ],
  [/^(?:csv\.Error|EOFError|ZeroDivisionError|StopIteration)$/, 'data'],
  [/(?:^|\.)UFuncTypeError$|(?:^|\.)_UFunc\w*Error$/, 'dtype'],
];

/** Words of a message, the more telling first: a sentence on dtypes may name shapes too. */
const BY_WORDS: readonly (readonly [RegExp, FailureClass])[] = [
  [
    /terminated abruptly|exited unexpectedly|out of memory|cannot allocate memory|unable to allocate|segmentation fault|bus error/i,
    'memory',
  ],
  [
    /not reproducible|non-?determinis|same seed|differ(?:s|ent)? between runs|results? var(?:y|ies) between|runs? of the same \w+ differ|seed \S+ (?:gives|gave|yields)/i,
    'non-determinism',
  ],
  [/partially initialized module|circular import/i, 'other'],
  [/no module named/i, 'missing module'],
  [
    /\bdtypes?\b|cannot cast|scalar type|did not contain a loop|must be of integer|not JSON serializable|expected (?:\w+ )?(?:tensor|Float|Double|Long|Int)/i,
    'dtype',
  ],
  [
    /index \d+ is out of bounds|could not convert string|invalid literal|contains? (?:nan|infinity)|input contains|\bnan\b|corrupt|truncated|not a valid|'NoneType' object|NoneType found|unsupported operand type\(s\).*NoneType|cannot be parsed|malformed/i,
    'data',
  ],
  [
    /no such file|not found at|no (?:checkpoint|file|folder|directory|weights|data(?:set)?) (?:at|in|under)|does(?: not|n't) exist|is a directory|permission denied|cannot (?:open|find) (?:the )?(?:file|path|folder)/i,
    'path',
  ],
  [
    /\bshapes?\b|dimension|broadcast|size mismatch|sizes? of tensor|mat1 and mat2|not aligned|inconsistent (?:numbers|length)|number of \w+\W*\d* (?:does not match|differs?|must)|same (?:length|size|first dimension)|(?:longer|shorter) than argument|equal division|zero-size array|lengths? (?:of|mismatch|must|differ)|size \d+ is different|too many indices|out of bounds|axis \d|\(\d+,(?: ?\d+,?)*\).*\(\d+,(?: ?\d+,?)*\)/i,
    'shape',
  ],
  [/timed? ?out/i, 'time-out'],
];

/** Tells it from the first cause of a traceback, or from words that were printed where there is none. */
export function classOf(error: Traceback | null, printed: string): FailureClass {
  if (error === null) return byWords(printed) ?? 'other';
  const named = BY_ERROR.find(([name]) => name.test(error.error))?.[1];
  // An assertion often says what it checks in its own line only.
  const asserted = error.error === 'AssertionError' ? (error.frames.at(-1)?.text ?? '') : '';
  return named ?? byWords(`${error.error}: ${error.message}`) ?? byWords(asserted) ?? 'other';
}

function byWords(text: string): FailureClass | undefined {
  return BY_WORDS.find(([words]) => words.test(text))?.[1];
}
