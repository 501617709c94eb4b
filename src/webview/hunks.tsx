import type { ChangeSet } from './messages.ts';

interface HunksProps {
  changes: ChangeSet;
  rejected: ReadonlySet<string>;
  onChange: (rejected: ReadonlySet<string>) => void;
}

/** Every hunk with a box to tick; ticked hunks are the ones accepted. */
export function Hunks({ changes, rejected, onChange }: HunksProps) {
  const toggle = (id: string): void => {
    const next = new Set(rejected);
    if (!next.delete(id)) next.add(id);
    onChange(next);
  };
  return (
    <div class="hunks">
      {changes.files.map((file) => (
        <fieldset key={file.path}>
          <legend>{file.path}</legend>
          {file.hunks.map((hunk) => (
            <div class="hunk" key={hunk.id}>
              <label>
                <input type="checkbox" checked={!rejected.has(hunk.id)} onChange={() => toggle(hunk.id)} />
                Line {hunk.newStart}
              </label>
              <pre>{file.binary ? 'Binary file' : hunk.lines.map((line, i) => <Line key={i} line={line} />)}</pre>
            </div>
          ))}
        </fieldset>
      ))}
    </div>
  );
}

function Line({ line }: { line: string }) {
  if (line.startsWith('+')) return <ins>{`${line}\n`}</ins>;
  return line.startsWith('-') ? <del>{`${line}\n`}</del> : <span>{`${line}\n`}</span>;
}
