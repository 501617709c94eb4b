import { memo } from 'preact/compat';
import { Adoption } from './adoption.tsx';
import { AgentTurn, Started } from './agentTurn.tsx';
import { Changes } from './changes.tsx';
import { GateCard } from './gateCard.tsx';
import type { Host } from './host.ts';
import { Ideas } from './ideas.tsx';
import type { Gate, Item } from './messages.ts';
import type { PageState } from './pageState.ts';
import { Prose } from './prose.tsx';
import { Runs } from './runs.tsx';
import { VerdictCard } from './verdictCard.tsx';

interface EntryProps {
  item: Item;
  items: readonly Item[];
  page: PageState;
  host: Host;
}

/** One thing that happened. */
export function Entry({ item, items, page, host }: EntryProps) {
  const still = stillEntry(item, host);
  if (still) return still;
  const { head, refusals, changeSets } = page;
  const isOpen = (gate: Gate): boolean => head?.openGates.includes(gate.id) ?? false;
  switch (item.kind) {
    case 'runs':
      return <Runs item={item} pulses={page.pulses} host={host} />;
    case 'ideas':
      return <Ideas item={item} gate={gateFor(items, item, isOpen)} refusals={refusals} host={host} />;
    case 'changes': {
      const gate = gateFor(items, item, isOpen);
      const known = { changes: changeSets.get(item.id) ?? null, review: changeSets.get(gate?.id ?? '') ?? null };
      return <Changes item={item} gate={gate} {...known} refusals={refusals} host={host} />;
    }
    case 'gate':
      return (
        <GateCard
          item={item}
          isOpen={isOpen(item.gate)}
          isCarried={isCarried(items, item.gate, isOpen)}
          review={changeSets.get(item.gate.id) ?? null}
          refusals={refusals}
          host={host}
        />
      );
    default:
      return null;
  }
}

/** Things that are told and ask for nothing; they are drawn again only when they change. */
function stillEntry(item: Item, host: Host) {
  switch (item.kind) {
    case 'notice':
      return <Told kind="notice" text={item.text} />;
    case 'origin':
      return <CameFrom session={item.session} host={host} />;
    case 'person':
      return <Told kind="person" who={item.heard ? 'You' : 'You (not heard yet)'} text={item.text} />;
    case 'review':
      return <Review text={item.text} />;
    case 'ended':
      return <Told kind={`ended ${item.status}`} text={item.text} />;
    case 'started':
      return <Started item={item} />;
    case 'agent':
      return <AgentTurn item={item} />;
    case 'verdict':
      return <VerdictCard measurement={item.measurement} host={host} />;
    case 'paper':
      return (
        <li class="entry paper">
          <h2 class="who">Paper</h2>
          <button type="button" class="link title" onClick={() => host.post({ type: 'openPaper' })}>
            {item.title}
          </button>
          <p class="quiet">{item.authors.join(', ')}</p>
        </li>
      );
    case 'adoption':
      return <Adoption item={item} host={host} />;
    case 'report':
      return (
        <li class="entry report">
          <h2 class="who">Report</h2>
          <button type="button" class="link" onClick={() => host.post({ type: 'openReport' })}>
            Open the report
          </button>
          <p class="quiet">{item.file}</p>
        </li>
      );
    default:
      return null;
  }
}

const Told = memo(function Told({ kind, who, text }: { kind: string; who?: string; text: string }) {
  return (
    <li class={`entry ${kind}`}>
      {who && <h2 class="who">{who}</h2>}
      <p class="plain">{text}</p>
    </li>
  );
});

/** Where a branch began. */
function CameFrom({ session, host }: { session: string; host: Host }) {
  return (
    <li class="entry origin">
      <p class="quiet">
        Branched from{' '}
        <button type="button" class="link" onClick={() => host.post({ type: 'showSession', session })}>
          an earlier session
        </button>
        , which stays as it is.
      </p>
    </li>
  );
}

/** The model's words about a verdict that it had no part in. */
const Review = memo(function Review({ text }: { text: string }) {
  return (
    <li class="entry review">
      <h2 class="who">The model’s opinion</h2>
      <blockquote>
        <Prose text={text} />
      </blockquote>
    </li>
  );
});

/** Whether ideas or changes show a gate's buttons. */
function isCarried(items: readonly Item[], gate: Gate, isOpen: (gate: Gate) => boolean): boolean {
  return items.some(
    (item) => (item.kind === 'ideas' || item.kind === 'changes') && gateFor(items, item, isOpen) === gate,
  );
}

/** The open gate that is about these ideas or changes: they carry its buttons, being what is decided on. */
function gateFor(items: readonly Item[], item: Item, isOpen: (gate: Gate) => boolean): Gate | null {
  const kind = item.kind === 'ideas' ? 'chooseIdea' : 'reviewChanges';
  // A later question about the same changes is a card of its own: no hunk is chosen there.
  if (item.kind === 'changes' && item.accepted !== null) return null;
  if (items.findLast((other) => other.kind === item.kind) !== item) return null;
  const open = items.findLast((other) => other.kind === 'gate' && other.gate.kind === kind && isOpen(other.gate));
  return open?.kind === 'gate' ? open.gate : null;
}
