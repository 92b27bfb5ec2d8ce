import { sql } from "kysely";
import { pageBody } from "#policy";
import { html } from "../../platform/http/html.ts";
import { openPersonSecret } from "#registry";
import type { PageBody, PageRequest, PublicPage } from "../../platform/http/public-pages.ts";
import type { TextMessage } from "../../platform/messages.ts";

const SHOWN = 10;

/** What would have reached telephones of a demonstration, newest first, with the links that payees would open. Elsewhere there is no such page. */
async function outboxPage(request: PageRequest): Promise<PageBody> {
  const { services } = request;
  const foot = "本页只在演示中有：人员都是合成的，消息没有发出。";
  if (!services.demo)
    return pageBody(request, {
      title: "没有找到",
      section: "my",
      status: 404,
      unlisted: true,
      main: html`<h1>没有找到</h1>
        <p><a href="/my">回到“我的”</a></p>`,
    });
  const found = await sql<{ content: Buffer; identity: Buffer; name: string }>`
    SELECT m.content, p.secret AS identity, p.name FROM subsidies.push m JOIN registry.person p ON p.person_id = m.person_id
    WHERE m.content IS NOT NULL AND m.state = 'sent' ORDER BY m.answer IS NOT NULL, m.push_id DESC LIMIT ${SHOWN}`.execute(
    services.database.worker,
  );
  const messages = found.rows.map(({ content, identity }) => ({
    ...(JSON.parse(services.keys.open(content)) as TextMessage),
    identity: openPersonSecret(services.keys, identity).identity,
  }));
  return pageBody(request, {
    title: "演示补贴消息",
    section: "my",
    unlisted: true,
    foot,
    main: html`<h1>演示补贴消息</h1>
      <p class="lead">演示不发短信，县里发出的补贴消息显示在这里。点开链接，就是本人在手机上看到的。</p>
      ${messages.length === 0 ? html`<p class="empty">还没有消息。请用经办账号在“消息推送”里发送后，刷新本页。</p>` : null}
      ${messages.map(
        ({ phone, text, identity }) =>
          html`<div class="card message">
            <p class="tags">发给 ${phone}</p>
            <p>${linked(text)}</p>
            <p class="summary">演示用：此人证件号码 <b class="identity">${identity}</b></p>
          </div>`,
      )}`,
  });
}

const ADDRESS = /(https?:\/\/[^\s]+)/;

/** Telephones make addresses in messages into links. */
const linked = (text: string) =>
  text
    .split(ADDRESS)
    .map((part) =>
      ADDRESS.test(part) ? html`<a href="${new URL(part).pathname}${new URL(part).hash}">${part}</a>` : part,
    );

export const outboxPages: readonly PublicPage[] = [{ path: "/my/outbox/benefits", answer: outboxPage }];
