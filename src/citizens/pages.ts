import { pageBody } from "#policy";
import { html } from "../platform/http/html.ts";
import { openPersonSecret } from "#registry";
import type { PageBody, PageRequest, PublicPage } from "../platform/http/public-pages.ts";
import { waitingMessages } from "./messages.ts";

const FOOT = "您的信息只向您本人和经办部门显示；谁打开过，都有记录。咨询或求助请拨 12333。";

/** Everything of it happens in the script, which asks for what the account may see; the page itself is the same for everybody. */
function ownPage(
  request: PageRequest,
  { title, heading, entry }: Record<"title" | "heading" | "entry", string>,
): PageBody {
  return pageBody(request, {
    title,
    section: "my",
    entry,
    foot: FOOT,
    main: html`<div id="my">
      <h1>${heading}</h1>
      <p role="status">正在打开……</p>
      <p class="my-slow">网络慢，还没有打开。请稍等，或检查网络后刷新本页。</p>
      <noscript>
        <p>这台设备没有启用脚本，不能在手机上办理。请到村（社区）或乡镇服务窗口办理，或拨打 12333。</p>
      </noscript>
    </div>`,
  });
}

const MY = { title: "我的", heading: "我的信息", entry: "src/citizens/phone/my.ts" } as const;

interface DemoCitizen {
  readonly name: string;
  readonly identity: string;
  readonly phone: string;
}

/** Made-up people of the demonstration, to try the pages with. */
async function demoCitizens({ database, keys }: PageRequest["services"]): Promise<DemoCitizen[]> {
  const rows = await database.worker
    .selectFrom("registry.person")
    .select(["name", "secret"])
    .where("home_region", "=", "433124110226")
    .where("phone_hash", "is not", null)
    .where("life_state", "=", "active")
    .orderBy("person_id")
    .limit(3)
    .execute();
  return rows.map(({ name, secret }) => {
    const { identity, phone } = openPersonSecret(keys, secret);
    return { name, identity, phone: phone ?? "" };
  });
}

/** What would have reached telephones, and whose telephones: only in a demonstration. */
async function outboxPage(request: PageRequest): Promise<PageBody> {
  const { services } = request;
  if (!services.demo) {
    return pageBody(request, {
      title: "没有找到",
      section: "my",
      status: 404,
      foot: FOOT,
      main: html`<h1>没有找到</h1>
        <p><a href="/my">回到“我的”</a></p>`,
    });
  }
  const messages = await waitingMessages(services);
  const citizens = await demoCitizens(services);
  return pageBody(request, {
    title: "演示短信",
    section: "my",
    foot: "本页只在演示中有：人员都是合成的，短信没有发出。",
    main: html`<h1>演示短信</h1>
      <p class="lead">演示不发短信，验证码显示在这里。</p>
      <p class="links"><a href="/my">“我的”</a><a href="/my/outbox/benefits">补贴消息</a></p>
      <h2>可以试用的人</h2>
      ${citizens.map(
        ({ name, identity, phone }) =>
          html`<div class="card demo-citizen">
            <h3>${name}</h3>
            <dl class="facts">
              <div>
                <dt>手机号</dt>
                <dd class="phone">${phone}</dd>
              </div>
              <div>
                <dt>身份证</dt>
                <dd class="identity">${identity}</dd>
              </div>
            </dl>
          </div>`,
      )}
      <h2 class="divider">最近的短信</h2>
      ${messages.length === 0 ? html`<p class="empty">还没有短信。在<a href="/my">“我的”</a>里获取验证码后，刷新本页。</p>` : null}
      ${messages.map(
        ({ phone, text }) =>
          html`<div class="card message">
            <p class="tags">发给 ${phone}</p>
            <p>${text}</p>
          </div>`,
      )}`,
  });
}

export const citizensPages: readonly PublicPage[] = [
  { path: "/my", asks: true, answer: (request) => Promise.resolve(ownPage(request, MY)) },
  { path: "/my/benefits", asks: true, answer: (request) => Promise.resolve(ownPage(request, MY)) },
  {
    path: "/my/apply",
    asks: true,
    answer: (request) =>
      Promise.resolve(
        ownPage(request, { title: "申请补贴", heading: "申请补贴", entry: "src/citizens/phone/apply.ts" }),
      ),
  },
  { path: "/my/outbox", answer: outboxPage },
];
