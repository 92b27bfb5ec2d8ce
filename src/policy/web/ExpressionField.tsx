import { autocompletion, closeBrackets, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { editorPhrases, editorTheme } from "./editor-look.ts";
import { expressionCompletion, type Vocabulary } from "./feel-completion.ts";

interface ExpressionFieldProps {
  label: string;
  value: string;
  onChange: (text: string) => void;
  vocabulary: Vocabulary | undefined;
  /** The whole text that the expression stands in: it names the facts and the parameters. */
  around: string;
  /** Id of what is said about it. */
  describedBy: string;
  wrong: boolean;
}

const small = EditorView.theme({
  "&": { height: "auto", border: "1px solid var(--line2)", borderRadius: "var(--radius)" },
  ".cm-content": { padding: "4px 0" },
});

/** One expression, with the words of its facts at hand. Enter chooses a word and breaks no line. */
export default function ExpressionField(props: ExpressionFieldProps) {
  const { label, value, describedBy, wrong } = props;
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef(props);
  useEffect(() => {
    latest.current = props;
  });
  const first = useRef(value);
  useEffect(() => {
    const editor = new EditorView({
      parent: place.current!,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          autocompletion({ override: [expressionCompletion(() => latest.current)] }),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ "aria-label": label, "aria-describedby": describedBy }),
          editorTheme,
          small,
          editorPhrases,
          keymap.of([...completionKeymap, { key: "Enter", run: () => true }, ...defaultKeymap, ...historyKeymap]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onChange(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, describedBy]);

  // Changed in the other view, or by adding and moving.
  useEffect(() => {
    const editor = view.current;
    const typed = editor?.state.doc
      .toString()
      .replace(/\s*\n\s*/g, " ")
      .trim();
    if (editor && typed !== value.trim())
      editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: value } });
  }, [value]);

  useEffect(() => {
    view.current?.contentDOM.setAttribute("aria-invalid", String(wrong));
  }, [wrong]);

  return <div ref={place} />;
}
