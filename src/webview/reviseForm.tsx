import { useState } from 'preact/hooks';

interface ReviseFormProps {
  /** What to write, as the gate words it. */
  label: string;
  button: string;
  isSent: boolean;
  onSend: (comment: string) => void;
}

/** Asks for something else: the words say what, and without words there is nothing to ask for. */
export function ReviseForm({ label, button, isSent, onSend }: ReviseFormProps) {
  const [comment, setComment] = useState('');
  const wish = comment.trim();
  return (
    <form
      class="revise"
      onSubmit={(event) => {
        event.preventDefault();
        if (wish !== '') onSend(wish);
      }}
    >
      <label>
        {label}
        <textarea rows={2} value={comment} onInput={(event) => setComment(event.currentTarget.value)} />
      </label>
      <button type="submit" class="secondary" disabled={isSent || wish === ''}>
        {button}
      </button>
    </form>
  );
}
