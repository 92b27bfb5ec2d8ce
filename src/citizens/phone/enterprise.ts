import { el, type Child } from "../../platform/browser/dom.ts";
import { dayWords } from "../../platform/day-words.ts";
import type { WhoEntered } from "../contract.ts";
import { memberRoleLabels, memberStateLabels, type MemberRole } from "../words.ts";
import { read, RefusedError, send, sendFile } from "./api.ts";
import { actButton, entry, fileEntry, fileOf, form, input, select, sureButton } from "./form.ts";

type Account = NonNullable<WhoEntered["account"]>;

/** What enterprises somebody acts for, is asked to act for, or asks to represent. */
export function membershipsPage(account: Account, again: () => Promise<void>): Child {
  return [
    el("h1", { tabindex: -1 }, "企业办事"),
    account.memberships.map((one) =>
      el(
        "div",
        { class: "card" },
        el("p", { class: "tags" }, el("span", { class: "tag" }, memberStateLabels[one.state])),
        el("h2", {}, one.employerName),
        el("p", {}, memberRoleLabels[one.role]),
        one.answer ? el("p", { class: "why" }, `答复：${one.answer}`) : null,
        one.state === "active"
          ? actButton("以企业身份办理", () => act(one.employerId, again), { primary: true })
          : null,
        one.state === "invited"
          ? el(
              "div",
              { class: "my-pair" },
              actButton("接受邀请", () => respond(one.memberId, true, again), { primary: true }),
              actButton("不接受", () => respond(one.memberId, false, again)),
            )
          : null,
      ),
    ),
    account.name === null
      ? el("p", { class: "empty" }, "先完成实名核验，才能申请企业账号。")
      : form({
          button: "提交申请",
          body: [
            el("h2", { class: "divider" }, "我是法定代表人"),
            el(
              "p",
              { class: "my-hint" },
              "县人社部门核对营业执照后开通，请留意这里的状态。企业没有登记过的，请先到窗口登记。",
            ),
            entry("统一社会信用代码", input("creditCode", { maxlength: 18, autocapitalize: "characters" })),
            fileEntry("营业执照照片", "照片或 PDF，10 MB 以内"),
          ],
          submit: async (values, whole) => {
            const chosen = fileOf(whole);
            if (!chosen) throw new RefusedError({ status: 422, message: "请选择营业执照照片。", field: "file" });
            await sendFile("enterprise", values, chosen);
            await again();
            // On the page that is drawn by then: what becomes of it is not told of an enterprise that nobody has registered.
            const card = document.querySelector("#my form.my-form");
            const said = el(
              "p",
              { class: "why", role: "status" },
              "已提交。该代码对应的企业登记在册的，由当地人社部门审核，结果显示在本页。",
            );
            if (card && card.parentNode) card.parentNode.insertBefore(said, card);
            said.scrollIntoView({ block: "center" });
          },
        }),
  ];
}

async function act(employerId: string | null, again: () => Promise<void>): Promise<void> {
  await send("acting", { employerId });
  await again();
}

async function respond(memberId: string, accept: boolean, again: () => Promise<void>): Promise<void> {
  await send(`invitations/${memberId}`, { accept });
  await again();
}

interface Enterprise {
  readonly name: string;
  readonly creditCode: string | null;
  readonly regionName: string;
  readonly kind: string;
  readonly size: string;
  readonly status: string;
  readonly recordedOn: string;
  readonly source: string;
  readonly staff: readonly {
    readonly memberId: string;
    readonly name: string;
    readonly phoneMask: string;
    readonly role: MemberRole;
    readonly state: keyof typeof memberStateLabels;
    readonly mayEnd: boolean;
  }[];
  readonly mayInvite: readonly MemberRole[];
}

/** The enterprise for which the session acts: its record and its staff. */
export async function enterprisePage(again: () => Promise<void>): Promise<Child> {
  const one = await read<Enterprise>("enterprise");
  const fact = (label: string, value: string) => el("div", {}, el("dt", {}, label), el("dd", {}, value));
  return [
    el("h1", { tabindex: -1 }, one.name),
    actButton("切换回本人", () => act(null, again)),
    el(
      "section",
      { class: "card" },
      el("h2", {}, "登记信息"),
      el(
        "dl",
        { class: "facts" },
        fact("信用代码", one.creditCode || "未登记"),
        fact("所在地", one.regionName),
        fact("类型", one.kind),
        fact("规模", one.size),
        fact("状态", one.status),
      ),
      el("p", { class: "my-source" }, `来源：${one.source}，${dayWords(one.recordedOn)}`),
    ),
    el(
      "section",
      { class: "card" },
      el("h2", {}, "工作人员"),
      one.staff.map((member) =>
        el(
          "div",
          { class: "my-row" },
          el("h3", {}, member.name),
          el("p", {}, `${memberRoleLabels[member.role]}　${member.phoneMask}　${memberStateLabels[member.state]}`),
          member.mayEnd
            ? sureButton("结束账号", `${member.name}将不能再以企业身份办理。确定结束？`, () =>
                send(`enterprise/members/${member.memberId}/end`, {}).then(again),
              )
            : null,
        ),
      ),
    ),
    one.mayInvite.length === 0
      ? null
      : form({
          button: "发出邀请",
          body: [
            el("h2", { class: "divider" }, "邀请工作人员"),
            el("p", { class: "my-hint" }, "对方用这个手机号登录后，接受邀请即可办理。"),
            entry("姓名", input("name", { maxlength: 30 })),
            entry("手机号", input("phone", { type: "tel", inputmode: "numeric", maxlength: 11 })),
            entry(
              "角色",
              select(
                "role",
                one.mayInvite.map((role) => [role, memberRoleLabels[role]] as const),
              ),
            ),
          ],
          submit: async (values) => {
            await send("enterprise/invitations", values);
            await again();
          },
        }),
  ];
}
