import { YamlFile, type Read, type RuleProblem, type YamlMap } from "#kernel";
import type { Article, Citation, SourceText } from "./text.ts";

const FRONT = /^---\n([\s\S]*?)\n---\n/;
const HEADING = /^(#{1,6})\s+(\S+)(?:\s+(.*\S))?\s*$/;
const FILE = /([a-z0-9-]+)\.md$/;

/**
 * Reads `policies/texts/<id>.md`: front matter in YAML, then headings that begin with the article's address, each followed by the
 * article word for word. Whatever is wrong is a problem with file and line, and then there is no text.
 */
export function readText(file: string, text: string): Read<SourceText> {
  const written = text.replaceAll("\r\n", "\n");
  const front = FRONT.exec(written);
  if (!front)
    return { value: null, problems: [problem(file, 1, "yaml.syntax", "文件应以两行“---”之间的文件信息开头。")] };
  // The blank line stands for the opening `---`, so that lines are those of the file.
  const yaml = new YamlFile(file, `\n${front[1]}\n`);
  const body = readArticles(file, written.slice(front[0].length), front[0].split("\n").length);
  if (!yaml.root) return { value: null, problems: [...yaml.problems, ...body.problems] };
  const head = readHead(yaml.root, file);
  for (const { article } of head.cites)
    if (!body.articles.some(({ id }) => id === article))
      yaml.root.report("format.wrong-value", "cites", `引用的文件写在“${article}”，文件没有这一条。`);
  const problems = [...yaml.problems, ...body.problems];
  return problems.length === 0
    ? { value: { ...head, file, articles: body.articles }, problems: [] }
    : { value: null, problems };
}

const problem = (file: string, line: number, code: RuleProblem["code"], message: string): RuleProblem => ({
  code,
  message,
  file,
  line,
  column: 1,
});

function readHead(map: YamlMap, file: string): Omit<SourceText, "file" | "articles"> {
  const number = map.optionalText("number");
  const issued = map.optionalDate("issued");
  const head = {
    id: map.text("id"),
    ...(number ? { number } : {}),
    title: map.text("title"),
    issuer: map.texts("issuer"),
    region: map.text("region"),
    ...(issued ? { issued } : {}),
    inForce: readWindow(map),
    nature: map.text("nature"),
    clauses: map.text("clauses"),
    replaces: map.texts("replaces"),
    cites: map.maps("cites").map(readCitation),
  };
  if (head.issuer.length === 0) map.report("format.missing-key", null, "缺少“issuer”：发文机关。");
  if (!/^\d{6}$/.test(head.region)) map.report("format.wrong-value", "region", "区划代码是六位数字。");
  if (FILE.exec(file)?.[1] !== head.id) map.report("format.wrong-value", "id", "编号应与文件名相同。");
  map.finish();
  return head;
}

function readWindow(map: YamlMap): SourceText["inForce"] {
  const window = map.map("in-force");
  if (!window) {
    map.report("format.missing-key", null, "缺少“in-force”。");
    return { from: "0001-01-01" };
  }
  const to = window.optionalDate("to");
  const ambiguity = window.optionalText("ambiguity");
  const read = { from: window.date("from"), ...(to ? { to } : {}), ...(ambiguity ? { ambiguity } : {}) };
  if (to && to < read.from) window.report("format.wrong-value", "to", "“to”早于“from”。");
  window.finish();
  return read;
}

function readCitation(map: YamlMap): Citation {
  const number = map.optionalText("number");
  const citation = {
    article: map.text("article"),
    ...(number ? { number } : {}),
    title: map.text("title"),
    neededFor: map.text("needed-for"),
  };
  map.finish();
  return citation;
}

function readArticles(file: string, body: string, firstLine: number) {
  const problems: RuleProblem[] = [];
  const articles: (Article & { paragraphs: string[] })[] = [];
  for (const [index, written] of body.split("\n").entries()) {
    const [line, paragraph] = [firstLine + index, written.trim()];
    if (paragraph === "") continue;
    const heading = HEADING.exec(paragraph);
    if (heading) {
      const [, marks, id, title] = heading;
      if (articles.some((article) => article.id === id))
        problems.push(problem(file, line, "format.duplicate-id", `条目“${id}”已经用过。`));
      articles.push({ id: id!, title: title ?? "", level: marks!.length, paragraphs: [], line });
    } else if (paragraph.startsWith("#"))
      problems.push(problem(file, line, "format.wrong-value", "标题应写成“## （四） 名称”。"));
    else if (articles.length === 0)
      problems.push(problem(file, line, "format.wrong-value", "正文前应先有标题，如“## 文首”。"));
    else articles.at(-1)!.paragraphs.push(paragraph);
  }
  for (const { id, line, paragraphs } of articles)
    if (paragraphs.length === 0) problems.push(problem(file, line, "format.wrong-value", `条目“${id}”没有正文。`));
  if (articles.length === 0) problems.push(problem(file, firstLine, "format.wrong-value", "文件没有正文。"));
  return { articles, problems };
}
