import {
  Answer,
  Card,
  DataTable,
  DateText,
  DueText,
  FigureStrip,
  Law,
  Link,
  MoneyText,
  PageHeader,
  StatusTag,
  usePathPart,
  useRoute,
  yuan,
} from "../../ui/index.ts";
import { getRecovery, recoveryStateLabels, reductionCauseLabels, type RecoveryView } from "../contract.ts";
import { EventWhen } from "./EventWhen.tsx";
import { RecoveryActs } from "./RecoveryActs.tsx";
import { recoveryActWords, recoveryTones } from "./words.ts";
import css from "./subsidies.module.css";

/** One case: what was paid too much and why, who was heard, what was decided, what has come in and what is late. */
export default function RecoveryPage() {
  const recoveryId = usePathPart("recoveryId");
  const query = useRoute(getRecovery, { recoveryId });
  return (
    <Answer query={query} lines={10}>
      {(one) => <Shown one={one} />}
    </Answer>
  );
}

function Shown({ one }: { one: RecoveryView }) {
  return (
    <>
      <PageHeader
        title={`追回：${one.payeeName}`}
        crumbs={[{ label: "追回", path: "/recoveries" }, { label: one.number }]}
        note={one.title}
        tags={<StatusTag tone={recoveryTones[one.state]}>{recoveryStateLabels[one.state]}</StatusTag>}
        actions={<RecoveryActs key={one.lock} one={one} />}
      />
      <div className={css["stack"]}>
        <Card>
          <FigureStrip
            label="金额"
            figures={[
              { key: "amount", label: "应缴回", value: yuan(one.amountFen), unit: "元" },
              ...(one.reducedFen > 0
                ? [{ key: "reduced", label: "已减少", value: yuan(one.reducedFen), unit: "元" }]
                : []),
              { key: "received", label: "已缴回", value: yuan(one.receivedFen), unit: "元", tone: "done" },
              {
                key: "open",
                label: "未缴回",
                value: yuan(one.openFen),
                unit: "元",
                tone: one.openFen > 0 ? "soon" : "plain",
              },
              {
                key: "overdue",
                label: "其中逾期",
                value: yuan(one.overdueFen),
                unit: "元",
                tone: one.overdueFen > 0 ? "late" : "plain",
              },
              ...(one.writtenOffFen > 0
                ? [{ key: "off", label: "已核销", value: yuan(one.writtenOffFen), unit: "元" }]
                : []),
            ]}
          />
        </Card>
        <div className={css["columns"]}>
          <div className={css["stack"]}>
            <Items one={one} />
            {one.reductions.length > 0 ? <Reductions one={one} /> : null}
            {one.instalments.length > 0 ? <Plan one={one} /> : null}
            {one.receipts.length > 0 ? <Receipts one={one} /> : null}
            <History one={one} />
          </div>
          <div className={css["stack"]}>
            <Facts one={one} />
            {one.statement === null && one.decision === null && one.writeOffReason === null ? null : <Said one={one} />}
            <Card title="补贴依据" padded>
              {one.basis.map((basis) =>
                basis.quote ? (
                  <Law
                    key={basis.quote}
                    quote={basis.quote}
                    source={[basis.number || basis.textTitle, basis.article].filter(Boolean).join(" ")}
                  />
                ) : null,
              )}
            </Card>
          </div>
        </div>
      </div>
    </>
  );
}

function Items({ one }: { one: RecoveryView }) {
  return (
    <Card
      title="多发的明细"
      note={one.prepaid ? `合计 ${yuan(one.amountFen)} 元` : `${one.items.length} 项，合计 ${yuan(one.amountFen)} 元`}
    >
      <DataTable
        caption="多发的明细"
        rows={one.items}
        rowKey={(row) => row.differenceId ?? one.recoveryId}
        density="duty"
        columns={[
          {
            key: "item",
            title: "哪一项",
            width: 130,
            fixed: true,
            render: (row) => (
              <>
                <DateText value={row.eventDate} />
                <span className={css["sub"]}>{row.differenceId === null ? "预付结算" : (row.personName ?? "")}</span>
              </>
            ),
          },
          {
            key: "why",
            title: "为什么",
            render: (row) => (
              <>
                {row.why.join("；")}
                {row.changed.map(({ label, before, after }) => (
                  <span key={label} className={css["sub"]}>
                    {label}：{before ?? "没有填写"} → {after ?? "没有填写"}
                  </span>
                ))}
              </>
            ),
          },
          { key: "was", title: "已发（元）", width: 100, align: "right", render: (row) => yuan(row.wasFen) },
          { key: "now", title: "应发（元）", width: 100, align: "right", render: (row) => yuan(row.nowFen) },
          {
            key: "over",
            title: "应缴回（元）",
            width: 110,
            align: "right",
            render: (row) => <b>{yuan(row.wasFen - row.nowFen)}</b>,
          },
        ]}
      />
    </Card>
  );
}

function Reductions({ one }: { one: RecoveryView }) {
  return (
    <Card title="减少" note="原先要求缴回、后来不用缴的；分期从最后一期减起">
      <DataTable
        caption="减少"
        rows={one.reductions}
        rowKey={(row) => row.reductionId}
        density="duty"
        columns={[
          { key: "on", title: "日期", width: 110, render: (row) => <DateText value={row.on} /> },
          {
            key: "why",
            title: "为什么",
            render: (row) => (
              <>
                {reductionCauseLabels[row.cause]}
                <span className={css["sub"]}>{row.note}</span>
              </>
            ),
          },
          { key: "amount", title: "金额（元）", width: 120, align: "right", render: (row) => yuan(row.amountFen) },
          { key: "by", title: "经办", width: 110, render: (row) => row.officerName },
        ]}
      />
    </Card>
  );
}

function Plan({ one }: { one: RecoveryView }) {
  return (
    <Card title="分期" note={`${one.instalments.length} 期，合计到分；缴回的款按先后抵各期`}>
      <DataTable
        caption="分期"
        rows={one.instalments}
        rowKey={(row) => String(row.line)}
        density="duty"
        tone={(row) => (row.overdue ? "late" : undefined)}
        columns={[
          { key: "line", title: "期", width: 56, render: (row) => row.line },
          { key: "due", title: "日期", render: (row) => <DateText value={row.dueOn} /> },
          { key: "amount", title: "应缴（元）", width: 120, align: "right", render: (row) => yuan(row.amountFen) },
          { key: "received", title: "已缴（元）", width: 120, align: "right", render: (row) => yuan(row.receivedFen) },
          {
            key: "state",
            title: "",
            width: 100,
            render: (row) =>
              row.receivedFen === row.amountFen ? (
                <StatusTag tone="done">已缴清</StatusTag>
              ) : row.overdue ? (
                <StatusTag tone="late">逾期</StatusTag>
              ) : (
                <StatusTag tone="outline">待缴</StatusTag>
              ),
          },
        ]}
      />
    </Card>
  );
}

function Receipts({ one }: { one: RecoveryView }) {
  return (
    <Card title="缴回" note="每笔一行，随即退回原资金额度">
      <DataTable
        caption="缴回"
        rows={one.receipts}
        rowKey={(row) => row.receiptId}
        density="duty"
        columns={[
          { key: "on", title: "日期", width: 110, render: (row) => <DateText value={row.receivedOn} /> },
          {
            key: "reference",
            title: "票据号、流水号",
            render: (row) => (
              <>
                {row.reference}
                <span className={css["sub"]}>{row.method}</span>
              </>
            ),
          },
          {
            key: "amount",
            title: "金额（元）",
            width: 120,
            align: "right",
            render: (row) => <MoneyText fen={row.amountFen} unit={false} />,
          },
          { key: "by", title: "登记人", width: 110, render: (row) => row.officerName },
        ]}
      />
    </Card>
  );
}

function Facts({ one }: { one: RecoveryView }) {
  return (
    <Card title="办理" padded>
      <dl className={css["facts"]}>
        <dt>收款人</dt>
        <dd>{one.payeePersonId ? <Link to={`/persons/${one.payeePersonId}`}>{one.payeeName}</Link> : one.payeeName}</dd>
        <dt>补贴件</dt>
        <dd>
          <Link to={`/claims/${one.claimId}`}>{one.claimNumber}</Link>
          {one.paidOn ? (
            <span className={css["sub"]}>
              <DateText value={one.paidOn} /> 发放
            </span>
          ) : null}
        </dd>
        <dt>退回到</dt>
        <dd>
          <Link to={`/funds/${one.fundLine.fundLineId}`}>{one.fundLine.fund || "资金额度"}</Link>
          <span className={css["sub"]}>{one.fundLine.document}</span>
        </dd>
        <dt>立案</dt>
        <dd>
          {one.filedByName} <DateText value={one.filedOn} />
        </dd>
        <dt>告知</dt>
        <dd>
          {one.notifiedOn ? (
            <>
              <Link to={`/recoveries/${one.recoveryId}/letter?kind=notice`}>告知书</Link>{" "}
              <DateText value={one.notifiedOn} />
              <span className={css["sub"]}>
                陈述申辩到 <DateText value={one.replyBy!} />
              </span>
            </>
          ) : (
            <span className="secondary">还没有告知</span>
          )}
        </dd>
        <dt>决定</dt>
        <dd>
          {one.decidedOn ? (
            <>
              <Link to={`/recoveries/${one.recoveryId}/letter?kind=decision`}>决定书</Link> {one.decidedByName}{" "}
              <DateText value={one.decidedOn} />
              <span className={css["sub"]}>
                缴回期限 <DateText value={one.payBy!} />
              </span>
            </>
          ) : (
            <span className="secondary">还没有决定</span>
          )}
        </dd>
        {one.notifiedOn && one.reductions.length > 0 ? (
          <>
            <dt>变更</dt>
            <dd>
              <Link to={`/recoveries/${one.recoveryId}/letter?kind=change`}>变更通知书</Link>{" "}
              <DateText value={one.reductions.at(-1)!.on} />
            </dd>
          </>
        ) : null}
        {one.refund ? (
          <>
            <dt>退还缴款</dt>
            <dd>
              {one.refund.officerName} <DateText value={one.refund.refundedOn} />
              <span className={css["sub"]}>
                {one.refund.method} {one.refund.reference}
              </span>
            </dd>
          </>
        ) : null}
        <dt>下一期限</dt>
        <dd>{one.dueOn ? <DueText due={one.dueOn} /> : one.endedOn ? <DateText value={one.endedOn} /> : "不计期限"}</dd>
      </dl>
    </Card>
  );
}

function Said({ one }: { one: RecoveryView }) {
  return (
    <Card title="意见和决定" padded>
      {one.statement === null ? null : (
        <>
          <b>陈述申辩</b>
          <p className={css["said"]}>{one.statement}</p>
        </>
      )}
      {one.decision === null ? null : (
        <>
          <b>决定</b>
          <p className={css["said"]}>{one.decision}</p>
        </>
      )}
      {one.writeOffReason === null ? null : (
        <>
          <b>核销理由（{one.proposedByName} 提请）</b>
          <p className={css["said"]}>{one.writeOffReason}</p>
        </>
      )}
    </Card>
  );
}

function History({ one }: { one: RecoveryView }) {
  return (
    <Card title="办理经过" note={`${one.events.length} 条，只增不改`} padded>
      <ol className={css["events"]}>
        {one.events.map((event) => (
          <li key={event.eventId}>
            <b>{recoveryActWords(event.act)}</b>
            <span className="caption">
              {event.officerName} {event.organisation}
              {"　"}
              <EventWhen on={event.businessDate} at={event.at} />
              {event.amountFen === null ? null : (
                <>
                  {" · "}
                  <MoneyText fen={event.amountFen} />
                </>
              )}
            </span>
            {event.note ? <p>{event.note}</p> : null}
          </li>
        ))}
      </ol>
    </Card>
  );
}
