import type { ComponentChildren } from 'preact';
import { memo } from 'preact/compat';
import { type CodeTree, usePart } from './parts.ts';

/** A longer text is shown plain: colouring it would hold the page up. Characters. */
const MOST = 20_000;

/** Code in its colours, once what colours it is there. */
export const Code = memo(function Code({ text, language }: { text: string; language: string }) {
  const highlight = usePart('code', language !== '' && text.length <= MOST);
  const tree = text.length <= MOST ? (highlight?.(text, language) ?? null) : null;
  return (
    <pre class="code" data-language={language || undefined}>
      {tree ? drawn(tree.children) : text}
    </pre>
  );
});

/** The tree becomes elements made here, so that nothing in it is more than words with a class. */
function drawn(children: CodeTree['children']): ComponentChildren[] {
  return children.map((node, key) => {
    if (node.type === 'text') return node.value;
    if (node.type !== 'element') return '';
    const names = node.properties?.className;
    return (
      <span key={key} class={Array.isArray(names) ? names.join(' ') : ''}>
        {drawn(node.children)}
      </span>
    );
  });
}
