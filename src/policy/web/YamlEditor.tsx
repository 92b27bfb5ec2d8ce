import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml, yamlLanguage } from "@codemirror/lang-yaml";
import { bracketMatching, HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Text } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { RuleProblemRow } from "../contract.ts";
import { editorPhrases, editorTheme } from "./editor-look.ts";
import { feelCompletion, type Vocabulary } from "./feel-completion.ts";

export interface YamlEditorProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  /** Mistakes in this very text. */
  problems: readonly RuleProblemRow[];
  vocabulary: Vocabulary | undefined;
  /** A place to go to; each new object goes there once. */
  goTo: { readonly line: number; readonly column: number } | null;
}

const highlight = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--blue-dark)" },
  { tag: [tags.string, tags.special(tags.string)], color: "var(--green)" },
  { tag: tags.comment, color: "var(--ink3)" },
  { tag: [tags.number, tags.bool, tags.null], color: "var(--amber)" },
]);

/** A rule's YAML with the words of its facts at hand, and every mistake where it stands. */
export default function YamlEditor({ label, value, onChange, problems, vocabulary, goTo }: YamlEditorProps) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onChange, vocabulary });
  useEffect(() => {
    latest.current = { onChange, vocabulary };
  });
  const first = useRef(value);
  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          highlightActiveLine(),
          yaml(),
          yamlLanguage.data.of({ autocomplete: feelCompletion(() => latest.current.vocabulary) }),
          autocompletion(),
          syntaxHighlighting(highlight),
          lintGutter(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label }),
          editorTheme,
          editorPhrases,
          // Tab moves the indent, as everywhere in YAML; Escape then Tab leaves the field for the keyboard.
          keymap.of([...completionKeymap, ...defaultKeymap, ...historyKeymap, indentWithTab]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label]);

  // Another text was put in from outside: a file, a version.
  useEffect(() => {
    const editor = view.current;
    if (editor && editor.state.doc.toString() !== value)
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    const editor = view.current;
    if (editor) editor.dispatch(setDiagnostics(editor.state, diagnosticsOf(editor.state.doc, problems)));
  }, [problems]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !goTo) return;
    const at = offsetOf(editor.state.doc, goTo.line, goTo.column);
    editor.dispatch({ selection: { anchor: at }, effects: EditorView.scrollIntoView(at, { y: "center" }) });
    editor.focus();
  }, [goTo]);

  return <div ref={place} />;
}

/** Lines and columns from 1; a text that has meanwhile become shorter keeps them inside. */
function offsetOf(doc: Text, line: number, column: number): number {
  const found = doc.line(Math.min(Math.max(1, line), doc.lines));
  return Math.min(found.from + Math.max(0, column - 1), found.to);
}

function diagnosticsOf(doc: Text, problems: readonly RuleProblemRow[]): Diagnostic[] {
  return problems
    .map(({ line, column, message }): Diagnostic => {
      const from = offsetOf(doc, line, column);
      const end = doc.lineAt(from).to;
      const word = /^[^\s,，)}\]]+/.exec(doc.sliceString(from, end))?.[0].length ?? 0;
      return { from, to: Math.min(end, from + Math.max(1, word)), severity: "error", message };
    })
    .toSorted((a, b) => a.from - b.from);
}
