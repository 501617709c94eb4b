import type { Suggestion } from './useCompletion.ts';

interface SuggestionsProps {
  suggestions: readonly Suggestion[];
  chosen: number;
  onTake: (suggestion: Suggestion) => void;
}

/** What could be written, above the box. The box keeps the focus and names the chosen one. */
export function Suggestions({ suggestions, chosen, onTake }: SuggestionsProps) {
  if (suggestions.length === 0) return null;
  return (
    <div class="suggestions" id="suggestions" role="listbox" aria-label="Suggestions">
      {suggestions.map((suggestion, i) => (
        <div
          key={suggestion.insert}
          id={`suggestion-${i}`}
          role="option"
          aria-selected={i === chosen}
          tabIndex={-1}
          onMouseDown={(event) => {
            event.preventDefault();
            onTake(suggestion);
          }}
        >
          <span class="label">{suggestion.label}</span> <span class="quiet">{suggestion.detail}</span>
        </div>
      ))}
    </div>
  );
}
