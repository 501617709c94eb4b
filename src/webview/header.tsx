import type { Host } from './host.ts';
import type { SessionHead, SessionStatus } from './messages.ts';

const WORDS: Record<SessionStatus, string> = {
  working: 'working',
  waiting: 'waits for you',
  paused: 'paused',
  stopped: 'stopped',
  failed: 'failed',
  finished: 'finished',
  interrupted: 'interrupted',
};

/** Which session this is, how it goes, what it has used, and how to halt it. */
export function Header({ head, host }: { head: SessionHead; host: Host }) {
  const alive = head.status === 'working' || head.status === 'waiting';
  return (
    <header class="head">
      <h1>{head.title}</h1>
      <div class="line">
        <p class="quiet" role="status">
          <span class={`state ${head.status}`}>{WORDS[head.status]}</span>
          {head.status === 'working' && <span> · {head.phase}</span>}
        </p>
        <div class="buttons">
          {alive && (
            <>
              <button type="button" class="secondary" onClick={() => host.post({ type: 'pause' })}>
                Pause
              </button>
              <button type="button" class="secondary" onClick={() => host.post({ type: 'stop' })}>
                Stop
              </button>
            </>
          )}
          {!alive && head.status !== 'finished' && (
            <button type="button" onClick={() => host.post({ type: 'resume' })}>
              Resume
            </button>
          )}
        </div>
      </div>
      {(head.model !== '' || head.spent !== '' || head.left !== '') && (
        <Usage line={[head.model, head.spent, head.left].filter(Boolean).join(' · ')} rows={head.spentOn} />
      )}
    </header>
  );
}

/** What was used in one line, and by which agent in which phase when it is opened. */
function Usage({ line, rows }: { line: string; rows: readonly string[] }) {
  if (rows.length === 0) return <p class="quiet usage">{line}</p>;
  return (
    <details class="quiet usage">
      <summary>{line}</summary>
      <ul>
        {rows.map((row) => (
          <li key={row}>{row}</li>
        ))}
      </ul>
    </details>
  );
}
