import type { Host } from './host.ts';
import type { ItemOf } from './messages.ts';

/** What became of the user's own files, what to do about the rest, and the way back. */
export function Adoption({ item, host }: { item: ItemOf<'adoption'>; host: Host }) {
  const { applied, conflicting, partly, canUndo, undone } = item;
  return (
    <li class="entry adoption">
      <h2 class="who">Taken over into your files</h2>
      <FileList files={applied} />
      {conflicting.length > 0 && <p>You had changed the same lines here, so these files were left as they are:</p>}
      {conflicting.map((path) => (
        <button
          key={path}
          type="button"
          class="link"
          aria-label={`Merge ${path}`}
          onClick={() => host.post({ type: 'mergeFile', path })}
        >
          {path}: merge…
        </button>
      ))}
      {partly && undone === '' && <p>What you have now is not what was measured.</p>}
      {undone !== '' && <p class="quiet">{undone}</p>}
      {undone === '' && (
        <div class="buttons">
          {partly && (
            <button type="button" onClick={() => host.post({ type: 'measureNow' })}>
              Measure this
            </button>
          )}
          {canUndo && (
            <button type="button" class="secondary" onClick={() => host.post({ type: 'undoAdoption' })}>
              Undo
            </button>
          )}
        </div>
      )}
    </li>
  );
}

function FileList({ files }: { files: readonly string[] }) {
  if (files.length === 0) return <p class="quiet">No file was changed.</p>;
  return (
    <ul class="files">
      {files.map((path) => (
        <li key={path}>
          <span class="path">{path}</span>
        </li>
      ))}
    </ul>
  );
}
