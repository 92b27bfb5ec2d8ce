import type { Completion, CompletionContext, CompletionResult, CompletionSource } from "@codemirror/autocomplete";
import type { OutputOf } from "../../platform/contract.ts";
import type { getVocabulary } from "../contract.ts";

export type Vocabulary = OutputOf<typeof getVocabulary>;

/** The fact source that the text names: `claim: 劳务介绍` of measures, `over:` of others. */
export function sourceNamed(text: string): string | null {
  return /^(?:claim|over):\s*["']?([^\s"'#]+)/m.exec(text)?.[1] ?? null;
}

/** Parameters that the text itself defines. */
export function parametersNamed(text: string): readonly string[] {
  const block = /^parameters:\s*\n((?:[ \t]+.*\n?|\n)*)/m.exec(text)?.[1] ?? "";
  return [...block.matchAll(/^ {2}([^\s:#]+):/gm)].map((match) => match[1]!);
}

/** Everything an expression of this text may name: facts of its source, its parameters, functions. Without a source, the sources. */
export function namesFor(text: string, vocabulary: Vocabulary): readonly Completion[] {
  const named = sourceNamed(text);
  const source = vocabulary.sources.find(({ name }) => name === named);
  const facts = (source?.fields ?? []).map((field): Completion => ({
    label: field.name,
    detail: `${field.type}　${field.label}`,
    type: "variable",
    info: [
      field.question ?? field.label,
      `由${field.supplier}提供`,
      field.codes.length > 0 ? `取值：${field.codes.join("、")}` : "",
    ]
      .filter(Boolean)
      .join("。"),
  }));
  const parameters = parametersNamed(text).map((label): Completion => ({
    label,
    detail: "本规则的标准",
    type: "constant",
  }));
  const functions = vocabulary.functions.map(({ name, signature, says }): Completion => ({
    label: name,
    detail: signature.slice(name.length),
    info: says,
    type: "function",
    apply: `${name}(`,
  }));
  return [...facts, ...parameters, ...functions];
}

/** Names for an expression that is edited by itself; `around` is the whole text that it stands in. */
export function expressionCompletion(
  known: () => { readonly vocabulary: Vocabulary | undefined; readonly around: string },
): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const { vocabulary, around } = known();
    const word = context.matchBefore(/[\p{L}\p{N}_.]+/u);
    if (!vocabulary || (!word && !context.explicit)) return null;
    return {
      from: word?.from ?? context.pos,
      options: [...namesFor(around, vocabulary)],
      validFor: /^[\p{L}\p{N}_.]*$/u,
    };
  };
}

/** Names of fact sources where one is to be written, else names for expressions. Opens by itself after a Chinese character or a dot. */
export function feelCompletion(vocabulary: () => Vocabulary | undefined): CompletionSource {
  return (context: CompletionContext): CompletionResult | null => {
    const known = vocabulary();
    if (!known) return null;
    const word = context.matchBefore(/[\p{L}\p{N}_.]+/u);
    if (!word && !context.explicit) return null;
    const from = word?.from ?? context.pos;
    const line = context.state.doc.lineAt(context.pos).text;
    if (/^(?:claim|over):/.test(line))
      return {
        from,
        options: known.sources.map(({ name, label }) => ({ label: name, detail: label, type: "class" })),
      };
    return { from, options: [...namesFor(context.state.doc.toString(), known)], validFor: /^[\p{L}\p{N}_.]*$/u };
  };
}
