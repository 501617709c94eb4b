/** Keys of mlr.yaml that people try as flags, by what they may call them. */
const KEYS: readonly [RegExp, string][] = [
  [/^(?:num-|n-)?seeds?$/, 'seeds'],
  [/^(?:timeout|time|time-limit|wall|max-time)$/, 'budget: { wall: … }'],
  [/^(?:memory|mem|max-memory)$/, 'budget: { memory: … }'],
  [/^(?:gpus?|num-gpus)$/, 'budget: { gpus: … }'],
  [/^(?:cpus?|num-cpus)$/, 'budget: { cpus: … }'],
  [/^budget$/, 'budget'],
  [/^(?:metrics?|goal|direction)$/, 'metrics'],
  [/^min(?:imum)?[-_]effect$/, 'minimum_effect'],
  [/^output[-_]limit$/, 'output_limit'],
  [/^(?:network|hosts?)$/, 'network'],
  [/^(?:run|command|cmd)$/, 'run'],
  [/^(?:evaluate|eval)$/, 'evaluate'],
  [/^(?:env|environment|container)$/, 'environment'],
  [/^(?:labels?|predictions?|inputs?)$/, '$&'],
  [
    /^(?:task|hidden|protected|alpha|validate|prepare|caches|spend|trivial|python|train|test|pilot|varies|accept|parity|keep)$/,
    '$&',
  ],
];

/** The key of mlr.yaml that somebody meant by an unknown flag; null where there is none.
 *  @param flag as it was typed: `--seeds`, or `--seeds=3` */
export function contractKeyOf(flag: string): string | null {
  const name = flag.replace(/^-+/, '').replace(/=.*$/s, '').toLowerCase();
  const found = KEYS.find(([pattern]) => pattern.test(name));
  if (!found) return null;
  const [pattern, key] = found;
  if (key !== '$&') return key;
  return PLURAL[name] ?? name.replace(pattern, key);
}

const PLURAL: Readonly<Record<string, string>> = { label: 'labels', prediction: 'predictions', input: 'inputs' };
