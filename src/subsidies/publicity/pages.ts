import { html, pageBody } from "#policy";
import { regionNames } from "#registry";
import type { PageBody, PageRequest, PublicPage } from "../../platform/http/public-pages.ts";
import { formatYuan } from "../../platform/money.ts";
import { linesOf, openPublications, type StoredPublication } from "./store.ts";

const FOOT = "公示期内对名单有异议的，请向名单所列单位反映；公示期满，名单不再显示。";
/** So many lines a page. */
const LINES = 500;

const openNow = ({ services }: PageRequest): Promise<readonly StoredPublication[]> =>
  openPublications(services.database.worker, (region) => services.businessDate(region));

/** 公示: the lists that are open today. Those whose last day is over are gone. */
async function noticesPage(request: PageRequest): Promise<PageBody> {
  const open = await openNow(request);
  const nameOf = await request.services.database.worker.transaction().execute((tx) =>
    regionNames(
      tx,
      open.map(({ region }) => region),
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
          ? html`<p>现在没有正在公示的名单。</p>`
          : html`<ul class="list">
              ${open.map(
                (one) =>
                  html`<li>
                    <a href="/notices/${one.number}"><b>${nameOf(one.region).fullName} ${one.title}</b></a>
                    <p>${one.claims} 件，共 ${formatYuan(Number(one.amount_fen))} 元。公示到 ${one.ends_on}。</p>
                  </li>`,
              )}
            </ul>`
      }`,
  });
}

/** One list: who is to receive what, with what is needed to object. */
async function noticePage(request: PageRequest): Promise<PageBody> {
  const found = (await openNow(request)).find(({ number }) => number === request.params["number"]);
  if (!found)
    return pageBody(request, {
      title: "没有这份公示",
      section: "notices",
      status: 404,
      unlisted: true,
      foot: FOOT,
      main: html`<h1>没有这份公示</h1>
        <p>公示期满的名单不再显示。<a href="/notices">看正在公示的</a></p>`,
    });
  const page = Math.max(1, Number(request.query["page"]) || 1);
  const { worker } = request.services.database;
  const lines = await linesOf(worker, found.publication_id, { page, size: LINES });
  const nameOf = await worker
    .transaction()
    .execute((tx) => regionNames(tx, [found.region, ...lines.map(({ village }) => village)]));
  const pages = Math.ceil(found.claims / LINES);
  return pageBody(request, {
    title: `${found.title}公示`,
    section: "notices",
    unlisted: true,
    foot: FOOT,
    main: html`<h1>${nameOf(found.region).fullName}${found.title}公示</h1>
      <p>
        编号 ${found.number}。${found.claims} 件，共 ${formatYuan(Number(found.amount_fen))}
        元，资金渠道：${found.fund}。
      </p>
      <p>
        公示期：${found.starts_on} 至 ${found.ends_on}。有异议请在公示期内向
        <b>${found.contact}</b> 反映，请写明姓名和事由。
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
          ? html`<p>
              第 ${page} 页，共 ${pages} 页
              ${page > 1 ? html`<a href="/notices/${found.number}?page=${page - 1}">上一页</a>` : null}
              ${page < pages ? html`<a href="/notices/${found.number}?page=${page + 1}">下一页</a>` : null}
            </p>`
          : null
      }
      <p class="summary">名单校验码：<code>${found.digest}</code></p>`,
  });
}

export const noticePages: readonly PublicPage[] = [
  { path: "/notices", answer: noticesPage },
  { path: "/notices/:number", answer: noticePage },
];
