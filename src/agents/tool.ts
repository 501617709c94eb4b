import * as z from 'zod';
import type { ToolDescription } from '../models/chatModel.ts';
import { readArguments } from '../models/nearlyJson.ts';

/** What a tool says to the model: its result, why it did not do it, or, for the finishing tool, what was handed in. */
export type ToolAnswer<Result> = string | { readonly refused: string } | { readonly result: Result };

export interface ToolContext {
  readonly signal: AbortSignal;
}

/** A tool as the loop uses it; made by `tool` and `finishingTool`. */
export interface Tool<Result> extends ToolDescription {
  readonly finishes: boolean;
  /** It only looks: nothing is different after it, so that it may run beside others. */
  readonly looks: boolean;
  /** Which end of a long result the model is shown first. */
  readonly keeps: 'start' | 'end';
  /** @param args the call's arguments as the model wrote them */
  call(args: string, context: ToolContext): Promise<ToolAnswer<Result>>;
}

interface Specification<Schema extends z.ZodObject, Answer> {
  readonly name: string;
  /** For the model: what it does, and when to use it. */
  readonly description: string;
  readonly parameters: Schema;
  run(args: z.output<Schema>, context: ToolContext): Promise<Answer>;
}

/** A tool that looks or does. An exception from `run` is a defect and ends the agent; a refusal is returned. */
export function tool<Schema extends z.ZodObject>(
  specification: Specification<Schema, ToolAnswer<never>> & {
    readonly keeps?: 'start' | 'end';
    readonly looks?: boolean;
  },
): Tool<never> {
  const { keeps = 'start', looks = false } = specification;
  return described(specification, { finishes: false, looks, keeps });
}

/** The tool whose arguments are what an agent is for. It has no effects: after a crash its call is read again. */
export function finishingTool<Schema extends z.ZodObject, Result>(
  specification: Specification<Schema, { readonly result: Result } | { readonly refused: string }>,
): Tool<Result> {
  return described(specification, { finishes: true, looks: false, keeps: 'start' });
}

function described<Schema extends z.ZodObject, Answer>(
  { name, description, parameters, run }: Specification<Schema, Answer>,
  kind: Pick<Tool<never>, 'finishes' | 'looks' | 'keeps'>,
) {
  return {
    ...kind,
    name,
    description,
    parameters: jsonSchema(parameters),
    async call(args: string, context: ToolContext): Promise<Answer | { refused: string }> {
      const given = parse(args);
      if ('refused' in given) return given;
      const checked = parameters.safeParse(given.value);
      if (!checked.success) return { refused: unfit(name, checked.error) };
      return run(checked.data, context);
    },
  };
}

function jsonSchema(parameters: z.ZodObject): Record<string, unknown> {
  const { $schema: _, ...schema } = z.toJSONSchema(parameters, {
    io: 'input',
    override: ({ jsonSchema: own }) => terse(own),
  });
  return schema;
}

/** Leaves out what tells a model nothing: it is checked all the same, and paid for in every request. */
function terse(schema: { maximum?: unknown; minLength?: unknown }): void {
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  if (schema.minLength === 1) delete schema.minLength;
}

function parse(args: string): { value: unknown } | { refused: string } {
  const read = readArguments(args);
  if ('value' in read) return read;
  return {
    refused: `The arguments are no valid JSON (${read.wrong}). Send the call again with one JSON object; if it was cut off for its length, send less at a time.`,
  };
}

function unfit(name: string, error: z.ZodError): string {
  const issues = error.issues.map(({ path, message }) => `- ${path.join('.') || 'arguments'}: ${message}`);
  return `The arguments of ${name} do not fit:\n${issues.join('\n')}\nSend the whole call again with these mended.`;
}
