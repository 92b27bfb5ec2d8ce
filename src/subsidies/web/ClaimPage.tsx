import { Button, Input } from "antd";
import { useState } from "react";
import type { OutputOf } from "../../platform/contract.ts";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  DateText,
  DueText,
  Law,
  Link,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  call,
  useMayOpen,
  usePathPart,
  useRefresh,
  useRoute,
  useToast,
  type Column,
} from "../../ui/index.ts";
import {
  claimActWords,
  claimStateLabels,
  claimWayLabels,
  getClaim,
  listClaimItems,
  paymentStateLabels,
  setPayeeAccount,
  subsidiesPermissions,
  type ClaimView,
} from "../contract.ts";
import { ClaimApplication } from "./ClaimApplication.tsx";
import { LettersCard } from "./LettersCard.tsx";
import { EventWhen } from "./EventWhen.tsx";
import { StepButtons } from "./StepButtons.tsx";
import { ClaimAfterwards } from "./ClaimAfterwards.tsx";
import { ClaimUncounted } from "./ClaimUncounted.tsx";
import { claimTones, paymentTones, tracePath } from "./words.ts";
import css from "./subsidies.module.css";

type Item = OutputOf<typeof listClaimItems>["rows"][number];

/** One claim: what is to be paid to whom and by which sentence, for whom, how it went, where the money is. */
export default function ClaimPage() {
  const claimId = usePathPart("claimId");
  const query = useRoute(getClaim, { claimId });
  return (
    <Answer query={query} lines={10}>
      {(claim) => <Shown claim={claim} />}
    </Answer>
  );
}

function Shown({ claim }: { claim: ClaimView }) {
  return (
    <>
      <PageHeader
        title={`${claim.title}：${claim.payeeName}`}
        crumbs={[{ label: "补贴办理", path: "/claims" }, { label: claim.number }]}
        tags={<StatusTag tone={claimTones[claim.state]}>{claimStateLabels[claim.state]}</StatusTag>}
        actions={<StepButtons claims={[claim]} size="middle" />}
      />
      <div className={css["columns"]}>
        <div className={css["stack"]}>
          <Card title="明细" note={`${claim.items} 项，合计到分；每项的事实和结论随件保存`}>
            <ServerTable
              name="subsidies.claim-items"
              caption="补贴件明细"
              route={listClaimItems}
              input={{ claimId: claim.claimId }}
              rowKey={(row) => row.itemId}
              columns={itemColumns}
              pageSize={20}
              empty={{ title: "没有明细" }}
            />
          </Card>
          <ClaimUncounted claimId={claim.claimId} />
          {claim.payments.length > 0 ? <Payments claim={claim} /> : null}
          {claim.decidedOn ? <ClaimAfterwards claimId={claim.claimId} /> : null}
          <History claim={claim} />
        </div>
        <div className={css["stack"]}>
          <Facts claim={claim} />
          <ClaimApplication claimId={claim.claimId} />
          <LettersCard claimId={claim.claimId} />
          <Card title="依据" padded>
            {claim.basis.map((basis) =>
              basis.quote ? (
                <Law
                  key={basis.quote}
                  quote={basis.quote}
                  source={[basis.number || basis.textTitle, basis.article].filter(Boolean).join(" ")}
                />
              ) : null,
            )}
            <p className="caption">应有材料：{claim.evidence.join("、") || "无"}。部门已核的不再要求提供。</p>
          </Card>
        </div>
      </div>
    </>
  );
}

const itemColumns: readonly Column<Item>[] = [
  {
    key: "person",
    title: "人员",
    render: (row) =>
      row.personId && row.identityMask ? (
        <>
          <Link to={`/persons/${row.personId}`}>{row.personName ?? ""}</Link>
          <span className={css["sub"]}>{row.identityMask}</span>
        </>
      ) : (
        (row.personName ?? "（非个人）")
      ),
  },
  { key: "event", title: "所属日期", width: 116, render: (row) => <DateText value={row.eventDate} /> },
  {
    key: "amount",
    title: "金额（元）",
    width: 120,
    align: "right",
    render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
  },
  {
    key: "live",
    title: "结论和事实",
    width: 290,
    render: (row) => (
      <>
        {row.live ? (
          <StatusTag tone="done">符合</StatusTag>
        ) : (
          <StatusTag tone="late">{row.dropped ?? "不发"}</StatusTag>
        )}
        {row.conditions.length > 0 ? <Conditions row={row} /> : null}
      </>
    ),
  },
];

/** Every condition with the facts on which it was decided; what is not met stands first. */
function Conditions({ row }: { row: Item }) {
  const failed = row.conditions.filter(({ state }) => state !== "met");
  const shown = [...failed, ...row.conditions.filter(({ state }) => state === "met")];
  return (
    <details className={css["why"]}>
      <summary>
        {row.live || failed.length === 0 ? `${row.conditions.length} 条条件的事实` : `${failed.length} 条没有达到`}
      </summary>
      <ul className={css["reasons"]}>
        {shown.map(({ says, state, facts }) => (
          <li key={says}>
            {state === "met" ? says : <b>{says}：没有达到</b>}
            <span className={css["sub"]}>
              {facts.map(({ label, value }) => `${label}：${value ?? "没有登记"}`).join("；")}
            </span>
          </li>
        ))}
      </ul>
    </details>
  );
}

function Facts({ claim }: { claim: ClaimView }) {
  const mayOpen = useMayOpen();
  const person = claim.payeePersonId !== null && mayOpen(`/persons/${claim.payeePersonId}`);
  return (
    <Card title="办理" extra={<Link to={tracePath(claim.number)}>追溯资金</Link>} padded>
      <dl className={css["facts"]}>
        <dt>收款人</dt>
        <dd>{person ? <Link to={`/persons/${claim.payeePersonId!}`}>{claim.payeeName}</Link> : claim.payeeName}</dd>
        <dt>金额</dt>
        <dd>
          <b>
            <MoneyText fen={claim.amountFen} unit={false} />
          </b>{" "}
          元
        </dd>
        <dt>收款账户</dt>
        <dd>
          {claim.accountMask ?? <span className="tone-soon">还没有</span>}
          {claim.bank ? <span className={css["sub"]}>{claim.bank}</span> : null}
          {claim.payeePersonId === null ? (
            <May permission={subsidiesPermissions.handle}>
              <AccountButton claim={claim} />
            </May>
          ) : claim.accountMask === null ? (
            <span className={css["sub"]}>请在本人档案里补录银行账号</span>
          ) : null}
        </dd>
        <dt>资金渠道</dt>
        <dd>
          {claim.fund || "文件没有写明"}
          {claim.fundLine ? (
            <span className={css["sub"]}>
              <Link to={`/funds/${claim.fundLine.fundLineId}`}>{claim.fundLine.document}</Link>
            </span>
          ) : null}
        </dd>
        <dt>地区</dt>
        <dd>{claim.place.fullName}</dd>
        <dt>方式</dt>
        <dd>
          {claimWayLabels[claim.way]}，{claim.handling}
          {claim.agent ? <span className={css["sub"]}>{claim.agent}</span> : null}
        </dd>
        <dt>生成日期</dt>
        <dd>
          <DateText value={claim.receivedOn} />
        </dd>
        <dt>本环节应办</dt>
        <dd>{claim.dueOn ? <DueText due={claim.dueOn} /> : "不计期限"}</dd>
        <dt>规则</dt>
        <dd>
          {mayOpen(`/rules/${claim.versionId}`) ? (
            <Link to={`/rules/${claim.versionId}`}>{claim.title}</Link>
          ) : (
            claim.title
          )}
        </dd>
      </dl>
    </Card>
  );
}

function AccountButton({ claim }: { claim: ClaimView }) {
  const [open, setOpen] = useState(false);
  const [given, setGiven] = useState({ holder: claim.payeeName, bank: "", account: "" });
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button size="small" type="link" onClick={() => setOpen(true)}>
        {claim.accountMask ? "更换" : "登记"}
      </Button>
      <ConfirmAct
        open={open}
        title="登记收款账户"
        changes={[{ count: 1, unit: "个", what: `${claim.payeeName} 的收款账户，以后的补贴也付到这里` }]}
        undo="可以再更换；已冻结的批次不受影响。"
        confirm="登记"
        lacks={[
          given.holder.trim().length < 2 && "账户名称",
          given.bank.trim().length < 2 && "开户银行",
          !/^\d{8,30}$/.test(given.account.trim()) && "银行账号（8 至 30 位数字）",
        ]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(setPayeeAccount, {
            claimId: claim.claimId,
            holder: given.holder.trim(),
            bank: given.bank.trim(),
            account: given.account.trim(),
          });
          toast.done("已登记收款账户。");
          await refresh();
        }}
      >
        {(
          [
            ["holder", "账户名称"],
            ["bank", "开户银行"],
            ["account", "银行账号，8 至 30 位数字"],
          ] as const
        ).map(([name, label]) => (
          <Input
            key={name}
            className={css["field"] ?? ""}
            aria-label={label}
            placeholder={label}
            maxLength={60}
            value={given[name]}
            onChange={(event) => setGiven({ ...given, [name]: event.target.value })}
          />
        ))}
      </ConfirmAct>
    </>
  );
}

function Payments({ claim }: { claim: ClaimView }) {
  return (
    <Card title="发放">
      <DataTable
        caption="发放记录"
        rowKey={(row) => row.paymentId}
        rows={claim.payments}
        columns={[
          {
            key: "batch",
            title: "批次",
            render: (row) => (
              <>
                <Link to={`/batches-of-payment/${row.batchId}`}>{row.batchNumber}</Link>
                <span className={css["sub"]}>第 {row.line} 笔</span>
              </>
            ),
          },
          { key: "account", title: "账户", width: 150, render: (row) => row.accountMask },
          {
            key: "amount",
            title: "金额（元）",
            width: 110,
            align: "right",
            render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
          },
          {
            key: "state",
            title: "结果",
            width: 190,
            render: (row) => (
              <>
                <StatusTag tone={paymentTones[row.state]}>{paymentStateLabels[row.state]}</StatusTag>
                <span className={css["sub"]}>{row.reason ?? row.bankReference ?? ""}</span>
              </>
            ),
          },
        ]}
      />
    </Card>
  );
}

function History({ claim }: { claim: ClaimView }) {
  return (
    <Card title="办理经过" note={`${claim.events.length} 条，只增不改`} padded>
      <ol className={css["events"]}>
        {claim.events.map((event) => (
          <li key={event.eventId}>
            <b>{claimActWords(event.act)}</b>
            <span className="caption">
              {event.officerName} {event.organisation}
              {"　"}
              <EventWhen on={event.businessDate} at={event.at} />
              {" · "}
              <MoneyText fen={event.amountFen} />
            </span>
            {event.note ? <p>{event.note}</p> : null}
          </li>
        ))}
      </ol>
    </Card>
  );
}
