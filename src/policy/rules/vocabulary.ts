import { describeType, fieldType, type FactSource, type FunctionSignature } from "#kernel";
import type { OutputOf } from "../../platform/contract.ts";
import type { getVocabulary } from "../contract.ts";

/** Dictionaries as completion and the reference show them. */
export function toSources(sources: readonly FactSource[]): OutputOf<typeof getVocabulary>["sources"] {
  return sources.map((source) => ({
    name: source.name,
    label: source.label,
    subjects: Object.keys(source.subjects),
    jurisdictions: Object.keys(source.jurisdictions),
    fields: source.fields.map((field) => ({
      name: field.name,
      label: field.label,
      type: describeType(fieldType(field)),
      codes: Object.keys(field.codes ?? {}),
      supplier: field.supplier,
      question: field.question ?? null,
    })),
  }));
}

/** `满月日(起: 日期, 月数: 整数)`. */
export const signatureOf = ({ name, arguments: taken, variadic }: FunctionSignature): string =>
  `${name}(${taken.map((one) => one.name).join(", ")}${variadic ? ", …" : ""})`;
