import * as z from 'zod';
import { Contract } from '../domain/contract.ts';

/** The JSON Schema (2020-12) of `mlr.yaml`, for editors; the build writes it beside the bundles. */
export function contractSchema(): object {
  return {
    title: 'MLR Copilot experiment contract',
    ...z.toJSONSchema(Contract, { io: 'input', unrepresentable: 'any' }),
  };
}
