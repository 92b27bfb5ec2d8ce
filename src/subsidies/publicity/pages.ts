import { pageBody } from "#policy";
import { html } from "../../platform/http/html.ts";
import { regionNames } from "#registry";
import type { PageBody, PageRequest, PublicPage } from "../../platform/http/public-pages.ts";
import { dayWords } from "../../platform/day-words.ts";
import { formatYuan } from "../../platform/money.ts";
import { printFormats, printMedia, type PrintFormat } from "../../platform/print/index.ts";
import { Refusal } from "../../platform/problem.ts";
import type { SubsidiesOptions } from "../options.ts";
import { checkPage } from "./check-page.ts";
import { listFile } from "./document.ts";
import { linesOf, openPublications, type StoredPublication } from "./store.ts";

const FOOT = "公示期内对名单有异议的，请向名单所列单位反映；公示期满，名单不再显示。";
/** So many lines a page. */
const LINES = 500;
/** Files made of open lists, kept while their lists are as they were: the same ones are asked for again and again. */
const MOST_FILES = 20;

const openNow = ({ services }: PageRequest): Promise<readonly StoredPublication[]> =>
  openPublications(services.database.worker, (region) => services.businessDate(region));

/** 公示: the lists that are open today. Those whose last day is over are gone. */
async function noticesPage(request: PageRequest): Promise<PageBody> {
  const open = await openNow(request);
  const nameOf = await request.services.database.worker.transaction().execute((tx) =>
    regionNames(
      tx,
      open.map(({ region, area }) => area || region),
    ),
  );
  return pageBody(request, {
    title: "公示",
    section: "notices",
    unlisted: true,
    foot: FOOT,
    main: html`<h1>补贴公示</h1>
      ${
        open.length === 0
          ? html`<p class="empty">
              现在没有正在公示的名单。公示期满的不再显示；自己的补贴办到哪一步，在<a href="/my/benefits">我的补贴</a
              >里查。
            </p>`
          : open.map(
              (one) =>
                html`<article class="card">
                  <h2>
                    <a href="/notices/${one.number}">${nameOf(one.area || one.region).fullName} ${one.title}</a>
                  </h2>
                  <p>${one.claims} 件，共 ${formatYuan(Number(one.amount_fen))} 元。公示到${dayWords(one.ends_on)}。</p>
                  <p class="secondary">编号 ${one.number}</p>
                </article>`,
            )
      }
      <p class="links"><a href="/notices/check">核对一份名单是不是真的</a></p>`,
  });
}

const missing = (request: PageRequest): PageBody =>
  pageBody(request, {
    title: "没有这份公示",
    section: "notices",
    status: 404,
    unlisted: true,
    foot: FOOT,
    main: html`<h1>没有这份公示</h1>
      <p>公示期满的名单不再显示。<a href="/notices">看正在公示的</a></p>`,
  });

/** One list: who is to receive what, with what is needed to object. */
async function noticePage(request: PageRequest): Promise<PageBody> {
  const found = (await openNow(request)).find(({ number }) => number === request.params["number"]);
  if (!found) return missing(request);
  const pages = Math.max(1, Math.ceil(found.claims / LINES));
  const asked = Math.trunc(Number(request.query["page"])) || 1;
  const page = Math.min(Math.max(1, asked), pages);
  const { worker } = request.services.database;
  const lines = await linesOf(worker, found.publication_id, { page, size: LINES });
  const place = found.area || found.region;
  const nameOf = await worker
    .transaction()
    .execute((tx) => regionNames(tx, [place, ...lines.map(({ village }) => village)]));
  return pageBody(request, {
    title: `${found.title}公示`,
    section: "notices",
    unlisted: true,
    foot: FOOT,
    main: html`<h1>${nameOf(place).fullName}${found.title}公示</h1>
      <p>
        编号 ${found.number}。${found.claims} 件，共 ${formatYuan(Number(found.amount_fen))}
        元，资金渠道：${found.fund || "按下达文件"}。
      </p>
      <p>
        公示期：${dayWords(found.starts_on)}至${dayWords(found.ends_on)}。有异议请在公示期内向
        <b>${found.contact}</b> 反映，请写明姓名和事由。名单上是您本人而金额、信息有误的，也可以在
        <a href="/my/benefits">我的补贴</a>里申请复核。
      </p>
      <table class="notice">
        <caption>
          单位：元
        </caption>
        <thead>
          <tr>
            <th scope="col">序号</th>
            <th scope="col">收款人</th>
            <th scope="col">金额</th>
          </tr>
        </thead>
        <tbody>
          ${lines.map(
            (line) =>
              html`<tr>
                <td>${String(line.line)}</td>
                <td>
                  ${line.payee_name}
                  <small
                    >${[line.identity_mask, nameOf(line.village).name, line.persons > 1 ? `涉及 ${line.persons} 人` : ""].filter(Boolean).join("　")}</small
                  >
                </td>
                <td class="money">${line.taken_out ? "已撤下" : formatYuan(Number(line.amount_fen))}</td>
              </tr>`,
          )}
        </tbody>
      </table>
      ${
        pages > 1
          ? html`<p class="links">
              <span>第 ${page} 页，共 ${pages} 页</span>
              ${page > 1 ? html`<a href="/notices/${found.number}?page=${page - 1}">上一页</a>` : null}
              ${page < pages ? html`<a href="/notices/${found.number}?page=${page + 1}">下一页</a>` : null}
            </p>`
          : null
      }
      <p class="links">
        <span>下载打印：</span>
        ${printFormats.map((format) => html`<a href="/notices/${found.number}/${format}">${WORDS[format]}</a>`)}
      </p>
      <p class="summary">名单校验码：<code>${found.digest}</code></p>
      <p class="links">
        <a href="/notices/check?number=${found.number}&digest=${found.digest}">核对这份名单有没有被改动</a>
      </p>`,
  });
}

const WORDS: Record<PrintFormat, string> = { xlsx: "Excel 表格", docx: "Word 文档", pdf: "PDF 文件" };

/** The list as a file, as the office prints it. */
function noticeFile({ rulebook }: SubsidiesOptions, kept: Map<string, ReturnType<typeof listFile>>) {
  return async (request: PageRequest): Promise<PageBody> => {
    const format = printFormats.find((one) => one === request.params["format"]);
    const found = (await openNow(request)).find(({ number }) => number === request.params["number"]);
    if (!found || !format) return missing(request);
    const { database } = request.services;
    const taken = await linesOf(database.worker, found.publication_id, { page: 1, size: found.claims });
    const key = [found.number, format, taken.filter(({ taken_out }) => taken_out).length].join(" ");
    const made = kept.get(key) ?? listFile(request.services, await rulebook.get(database.worker), found, format);
    if (kept.size >= MOST_FILES) kept.delete(kept.keys().next().value!);
    kept.set(key, made);
    try {
      const { fileName, body } = await made;
      return { mediaType: printMedia[format], body: "", file: { name: fileName, bytes: body } };
    } catch (cause) {
      kept.delete(key);
      if (!(cause instanceof Refusal)) throw cause;
      return pageBody(request, {
        title: "名单太长",
        section: "notices",
        status: 404,
        unlisted: true,
        foot: FOOT,
        main: html`<h1>名单太长</h1>
          <p>${cause.problem.message}</p>
          <p class="links"><a href="/notices/${found.number}/xlsx">下载 Excel 表格</a></p>`,
      });
    }
  };
}

export const noticePages = (options: SubsidiesOptions): readonly PublicPage[] => [
  { path: "/notices", answer: noticesPage },
  { path: "/notices/check", answer: checkPage },
  { path: "/notices/:number", answer: noticePage },
  { path: "/notices/:number/:format", answer: noticeFile(options, new Map()) },
];
