import { pageBody } from "#policy";
import { html } from "../../platform/http/html.ts";
import type { PageBody, PageRequest } from "../../platform/http/public-pages.ts";
import { dayWords } from "../../platform/day-words.ts";
import { formatYuan, parseYuan } from "../../platform/money.ts";
import { checkStored } from "./check-stored.ts";

const FOOT = "核对只回答“是”或“不是”，不显示名单的内容。";
const WORDS = { number: "编号", digest: "校验码", line: "序号", name: "收款人", amount: "金额（元）" } as const;

/**
 * Anybody with a copy of a list asks whether it is true: by number and digest, and line by line. It answers yes or no and shows nothing,
 * for a list whose time is over is nobody's to read any more.
 */
export async function checkPage(request: PageRequest): Promise<PageBody> {
  const given = Object.fromEntries(
    Object.keys(WORDS).map((name) => [name, (request.query[name] ?? "").trim().slice(0, 120)]),
  ) as Record<keyof typeof WORDS, string>;
  const answer = given.number === "" ? null : await answerTo(request, given);
  return pageBody(request, {
    title: "核对公示名单",
    section: "notices",
    unlisted: true,
    foot: FOOT,
    main: html`<h1>核对公示名单</h1>
      <p>填名单上的编号和校验码，可以知道名单有没有被改动过；再填某一行，可以知道这一行是不是当时公示的。</p>
      ${
        answer
          ? html`<div class="card verdict ${answer.good ? "good" : "bad"}" role="status">
              <p><b>${answer.verdict}</b></p>
              ${answer.says.map((text) => html`<p>${text}</p>`)}
            </div>`
          : null
      }
      <form class="filters" method="get" action="/notices/check">
        ${(Object.keys(WORDS) as (keyof typeof WORDS)[]).map(
          (name) =>
            html`<p>
              <label for="${name}">${WORDS[name]}${["number", "digest"].includes(name) ? "" : "（可不填）"}</label>
              <input id="${name}" name="${name}" value="${given[name]}" autocomplete="off" />
            </p>`,
        )}
        <p><button type="submit">核对</button></p>
      </form>
      <p class="links"><a href="/notices">看正在公示的名单</a></p>
      <details>
        <summary>给有电脑的人：不联网也能逐行核对</summary>
        <p>
          下载的 Excel 或 PDF 名单里带有签名。用 <code>wengang verify-list 文件 --key 公钥</code>
          核对，改动一个字、一分钱都会指出是第几行；公钥向公示单位要。
        </p>
      </details>`,
  });
}

async function answerTo(
  { services }: PageRequest,
  given: Record<keyof typeof WORDS, string>,
): Promise<{ readonly verdict: string; readonly good: boolean; readonly says: readonly string[] }> {
  const stored = await checkStored(services, given.number);
  if (!stored)
    return { verdict: "没有这份公示", good: false, says: [`没有编号为 ${given.number} 的公示。请核对编号。`] };
  const digest = given.digest.toLowerCase().replaceAll(/\s/g, "");
  const says = [...stored.problems];
  if (says.length === 0 && digest === "")
    return {
      verdict: "还差校验码",
      good: false,
      says: ["有这份公示。请再填名单上印的校验码，才能知道您手里的是不是这一份。"],
    };
  if (digest !== stored.digest) says.push("校验码与公示的不一致：您手里的名单不是公示的那一份，或校验码抄错了。");
  // Whoever knows the digest has held the list; nobody else is told whether somebody stood on it.
  if (says.length === 0 && given.line !== "") says.push(...lineAnswer(stored.lines, given));
  if (says.length > 0) return { verdict: "核对不一致", good: false, says };
  const line = given.line === "" ? [] : [`第 ${given.line} 行与公示的一致。`];
  return {
    verdict: "核对一致",
    good: true,
    says: [
      `${given.number} 共 ${stored.lines.length} 行、${formatYuan(stored.totalFen)} 元，与公示当天的记录一致，没有被改动。`,
      stored.signedDay
        ? `这份名单已在 ${dayWords(stored.signedDay)}封存签名，之后改动都查得出来。`
        : "刚公示不久，当天夜里封存签名。",
      ...line,
    ],
  };
}

function lineAnswer(
  lines: readonly { readonly line: number; readonly payeeName: string; readonly amountFen: number }[],
  given: Record<keyof typeof WORDS, string>,
): readonly string[] {
  const line = lines.find((one) => String(one.line) === given.line);
  if (!line) return [`名单上没有第 ${given.line} 行。`];
  const fen = given.amount === "" ? null : parseYuan(given.amount);
  return [
    ...(given.name !== "" && given.name !== line.payeeName ? [`第 ${given.line} 行的收款人与公示的不一致。`] : []),
    ...(given.amount !== "" && fen !== line.amountFen ? [`第 ${given.line} 行的金额与公示的不一致。`] : []),
  ];
}
