import { yaml } from "@codemirror/lang-yaml";
import { MergeView } from "@codemirror/merge";
import { EditorState } from "@codemirror/state";
import { EditorView, lineNumbers } from "@codemirror/view";
import { useEffect, useRef } from "react";
import { editorPhrases, editorTheme } from "./editor-look.ts";

/** Two texts side by side, unchanged stretches folded: the version it is based on, and the draft. */
export default function YamlDiff({ before, after }: { before: string; after: string }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const side = (doc: string, label: string) => ({
      doc,
      extensions: [
        lineNumbers(),
        yaml(),
        EditorView.lineWrapping,
        EditorState.readOnly.of(true),
        EditorView.editable.of(false),
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
        editorTheme,
        editorPhrases,
        EditorState.phrases.of({ "$ unchanged lines": "$ 行没有改动" }),
      ],
    });
    const view = new MergeView({
      a: side(before, "所依据的版本"),
      b: side(after, "草稿"),
      parent: place.current!,
      collapseUnchanged: { margin: 3, minSize: 6 },
      gutter: true,
    });
    return () => view.destroy();
  }, [before, after]);
  return <div ref={place} />;
}
