import { Contract } from '../domain/contract.ts';

/** The keys that an object of the contract may have, read from the schema itself. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  return Object.keys(shapeOf(schemaAt(path)) ?? {});
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
