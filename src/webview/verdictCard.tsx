import { memo } from 'preact/compat';
import type { Host } from './host.ts';
import type { Measurement } from './messages.ts';
import { figure, signed } from './numbers.ts';

/** What the comparison is worth: the word, why, the numbers it rests on, and what speaks against it. */
export const VerdictCard = memo(function VerdictCard({ measurement, host }: { measurement: Measurement; host: Host }) {
  const { verdict, reason, metric, goal, variants, checks } = measurement;
  const failed = checks.filter((check) => check.passed === false);
  const notRun = checks.filter((check) => check.passed === null);
  const accept = (check: string): void => host.post({ type: 'acceptDoubt', check });
  const passed = checks.length - failed.length - notRun.length;
  return (
    <li class={`entry verdict ${verdict}`}>
      <h2>
        <span class="quiet">Verdict</span> <strong>{verdict}</strong>
      </h2>
      <p>{reason}</p>
      {variants.map((variant) => (
        <Numbers key={variant.revision} measurement={measurement} variant={variant} />
      ))}
      <p class="quiet">
        {metric}, {goal === 'maximize' ? 'larger' : 'smaller'} is better · try {measurement.registration.tryNumber} on
        this test set · {passed} of {checks.length} checks passed
      </p>
      <div class="buttons">
        <button type="button" class="secondary" onClick={() => host.post({ type: 'openResults' })}>
          Open results table
        </button>
      </div>
      <Checks title="Failed checks" checks={failed} onAccept={isOpen(measurement) ? accept : undefined} />
      <Checks title="Checks that were not run" checks={notRun} />
    </li>
  );
});

type Variant = Measurement['variants'][number];

function Numbers({ measurement, variant }: { measurement: Measurement; variant: Variant }) {
  const { difference } = variant;
  const percent = Math.round((1 - 2 * measurement.registration.alpha) * 100);
  const several = measurement.variants.length > 1;
  return (
    <>
      {several && (
        <h3>
          {variant.revision}: {variant.verdict}
        </h3>
      )}
      <dl class="numbers">
        <Figure name="baseline" value={figure(measurement.baseline.mean)} />
        <Figure name="variant" value={figure(variant.mean)} />
        <Figure name="gain" value={signed(difference.mean)} />
        <Figure name={`${percent} % interval`} value={interval(difference)} />
        <Figure name="p, adjusted" value={figure(difference.adjustedP)} />
        <Figure name="n" value={`${difference.n} ${difference.unit === 'none' ? '' : `(${difference.unit})`}`} />
      </dl>
    </>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function interval({ low, high }: Variant['difference']): string {
  return low === null || high === null ? '–' : `${signed(low)} to ${signed(high)}`;
}

/** Whether a doubt keeps the verdict from being more: nothing else is worth accepting. */
function isOpen({ checks, registration }: Measurement): boolean {
  return checks.some(
    ({ name, kind, passed, acceptedAfter }) =>
      kind === 'doubt' && passed === false && acceptedAfter === undefined && registration.accepted[name] === undefined,
  );
}

interface ChecksProps {
  readonly title: string;
  readonly checks: Measurement['checks'];
  /** Asks why a doubt is none; absent where no doubt is open. */
  readonly onAccept?: ((check: string) => void) | undefined;
}

function Checks({ title, checks, onAccept }: ChecksProps) {
  if (checks.length === 0) return null;
  return (
    <details open={title.startsWith('Failed')}>
      <summary>
        {title} ({checks.length})
      </summary>
      <ul class="checks">
        {checks.map((check) => (
          <li key={`${check.name} ${check.revision}`}>
            <span class="kind">{check.kind}</span> <code>{check.name}</code>: {check.detail}
            {onAccept && check.kind === 'doubt' && check.acceptedAfter === undefined && (
              <>
                {' '}
                <button
                  type="button"
                  class="link"
                  aria-label={`Accept the doubt ${check.name}`}
                  onClick={() => onAccept(check.name)}
                >
                  Accept…
                </button>
              </>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}
