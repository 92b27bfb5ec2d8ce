import css from "./Feel.module.css";

const PARTS = /("[^"]*")|(\b\d+\b)|(\b(?:and|or|not|in|between|if|then|else|true|false|null)\b|>=|<=|!=|[=<>+*-])/g;

/** An expression of the rulebook as it is written, small, its operators and numbers set off. */
export function Feel({ text }: { text: string }) {
  const shown = [];
  let done = 0;
  for (const match of text.matchAll(PARTS)) {
    const [whole, quoted, number] = match;
    if (match.index > done) shown.push(text.slice(done, match.index));
    const kind = quoted ? "quoted" : number ? "number" : "operator";
    shown.push(
      <span key={match.index} className={css[kind]}>
        {whole}
      </span>,
    );
    done = match.index + whole.length;
  }
  shown.push(text.slice(done));
  return <code className={css["feel"]}>{shown}</code>;
}
