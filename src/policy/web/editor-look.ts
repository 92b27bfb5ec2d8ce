import { EditorState } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

/** The editor in the house's colours; sizes as code is shown elsewhere. */
export const editorTheme = EditorView.theme({
  "&": { height: "100%", fontSize: "13px", backgroundColor: "var(--surface)", color: "var(--ink)" },
  "&.cm-focused": { outline: "2px solid var(--blue)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "20px", overflow: "auto" },
  ".cm-gutters": { backgroundColor: "var(--sunk)", color: "var(--ink3)", borderRight: "1px solid var(--line)" },
  ".cm-activeLine": { backgroundColor: "var(--sunk)" },
  ".cm-tooltip": { border: "1px solid var(--line2)", backgroundColor: "var(--surface)", fontFamily: "var(--sans)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--blue-tint)", color: "var(--blue-dark)" },
  ".cm-completionDetail": { color: "var(--ink3)", fontStyle: "normal" },
  ".cm-completionInfo": { maxWidth: "280px" },
  ".cm-lintRange-error": { backgroundImage: "none", borderBottom: "2px solid var(--red)" },
  ".cm-changedLine": { backgroundColor: "var(--amber-tint) !important" },
  ".cm-changedText": { background: "var(--amber-light) !important" },
  ".cm-deletedChunk": { backgroundColor: "var(--red-tint)" },
});

/** What the editor says of itself to those who hear it. */
export const editorPhrases = EditorState.phrases.of({
  "Control character": "控制字符",
  Completions: "可填的名称",
  Diagnostics: "错误",
  "No diagnostics": "没有错误",
  close: "关闭",
});
