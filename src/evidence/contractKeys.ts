import { Contract } from '../domain/contract.ts';

/** The keys that an object of the contract may have, read from the schema itself. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  return Object.keys(shapeOf(schemaAt(path)) ?? {});
}

/** What the schema says of a key; null where it says nothing. */
export function descriptionOf(path: readonly PropertyKey[]): string | null {
  const last = path.at(-1);
  if (last === undefined) return null;
  const schema = shapeOf(schemaAt(path.slice(0, -1)))?.[String(last)];
  return (schema as { description?: string } | undefined)?.description ?? null;
}

/** The words among which a value is chosen; none where it is free. */
export function choicesAt(path: readonly PropertyKey[]): string[] {
  return choicesOf(schemaAt(path));
}

function schemaAt(path: readonly PropertyKey[]): unknown {
  let schema: unknown = Contract;
  for (const part of path) {
    const { def } = (schema ?? {}) as { def?: { element?: unknown; valueType?: unknown } };
    const next = typeof part === 'number' ? def?.element : (shapeOf(schema)?.[String(part)] ?? def?.valueType);
    schema = unwrap(next);
  }
  return schema;
}

function choicesOf(schema: unknown): string[] {
  const { def } = (schema ?? {}) as { def?: { entries?: object; values?: unknown[]; options?: unknown[] } };
  if (def?.entries) return Object.values(def.entries).map(String);
  if (def?.values) return def.values.map(String);
  return (def?.options ?? []).flatMap(choicesOf);
}

function unwrap(schema: unknown): unknown {
  const inner = (schema as { def?: { innerType?: unknown } } | undefined)?.def?.innerType;
  return inner === undefined ? schema : unwrap(inner);
}

function shapeOf(schema: unknown): Record<string, unknown> | undefined {
  const definition = (schema as { def?: { shape?: Record<string, unknown>; options?: unknown[] } } | undefined)?.def;
  if (definition?.shape) return definition.shape;
  const shapes = (definition?.options ?? []).map(shapeOf).filter((shape) => shape !== undefined);
  return shapes.length > 0 ? Object.assign({}, ...shapes) : undefined;
}
