import { Input } from "antd";
import {
  Answer,
  Card,
  DateText,
  EmptyState,
  ExportButton,
  FigureStrip,
  Law,
  Link,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  useAddress,
  useRoute,
  yuan,
  type Column,
} from "../../ui/index.ts";
import {
  claimActWords,
  claimStateLabels,
  exportTrace,
  movementLabels,
  paymentStateLabels,
  subsidiesPermissions,
  traceMoney,
  type Trace,
  type TraceRow,
  type TraceStep,
  type TraceWay,
} from "../contract.ts";
import { EventWhen } from "./EventWhen.tsx";
import { TraceBooks } from "./TraceBooks.tsx";
import { TraceFacts } from "./TraceFacts.tsx";
import { claimTones, paymentTones, tracePath } from "./words.ts";
import css from "./subsidies.module.css";

/** 资金追溯: from a line of the bank's file to the sentence of the law, and from a sentence or a fund to every payment. */
export default function TracePage() {
  const [{ of }, setAddress] = useAddress({ of: "" });
  const query = useRoute(traceMoney, { of, size: 1 }, { enabled: of !== "" });
  return (
    <>
      <PageHeader
        title="资金追溯"
        crumbs={[{ label: "资金追溯" }]}
        note="从银行文件的一行查到文件原文，从条款、资金额度查到每一笔发放"
        actions={
          query.data ? (
            <May permission={subsidiesPermissions.export}>
              <ExportButton
                route={exportTrace}
                input={{ of }}
                total={query.data.total}
                asksPurpose
                label="导出追溯表"
              />
            </May>
          ) : null
        }
      />
      <div className={css["stack"]}>
        <Card padded>
          <Input.Search
            aria-label="要追溯的编号"
            placeholder="粘贴银行文件的一行，或输入补贴件编号、批次编号/行号、到分的金额"
            enterButton="追溯"
            allowClear
            key={of}
            defaultValue={of}
            onSearch={(value) => setAddress({ of: value.trim() }, { replace: false })}
          />
          <p className={`caption ${css["field"]}`}>
            从补贴件、批次、资金额度的页面点“追溯资金”，编号自动填好。也可以写：额度:编号、规则:编号、人员:编号、发放:编号、文件:文件编号
            条款。
          </p>
        </Card>
        {of === "" ? (
          <TraceBooks />
        ) : (
          <Answer query={query} lines={10}>
            {(trace) => <Found of={of} trace={trace} />}
          </Answer>
        )}
      </div>
    </>
  );
}

function Found({ of, trace }: { of: string; trace: Trace }) {
  const { way } = trace;
  return (
    <>
      <Card>
        <FigureStrip
          label="合计"
          figures={[
            { key: "claims", label: trace.what, value: trace.claims, unit: "件" },
            { key: "claimed", label: "补贴件金额", value: yuan(trace.claimedFen), unit: "元" },
            { key: "payments", label: "发放", value: trace.payments, unit: "笔" },
            { key: "paid", label: "银行成功", value: yuan(trace.paidFen), unit: "元", tone: "done" },
          ]}
        />
      </Card>
      <Steps steps={trace.steps} />
      {way ? (
        <Way way={way} />
      ) : (
        <Card title="逐笔" note={`共 ${trace.total} 行`}>
          <ServerTable
            name="subsidies.trace"
            caption="逐笔"
            route={traceMoney}
            input={{ of }}
            rowKey={(row) => `${row.claimId} ${row.payment?.paymentId ?? ""}`}
            density="duty"
            columns={rowColumns}
            empty={{ title: "没有补贴件" }}
          />
        </Card>
      )}
    </>
  );
}

const rowColumns: readonly Column<TraceRow>[] = [
  {
    key: "claim",
    title: "补贴件",
    fixed: true,
    render: (row) => (
      <>
        <Link to={tracePath(row.claimNumber)}>{row.payeeName}</Link>
        <span className={css["sub"]}>
          {row.claimNumber}　{row.title}
        </span>
      </>
    ),
  },
  {
    key: "state",
    title: "状态",
    width: 110,
    render: (row) => <StatusTag tone={claimTones[row.state]}>{claimStateLabels[row.state]}</StatusTag>,
  },
  {
    key: "line",
    title: "银行文件",
    width: 200,
    render: ({ payment }) =>
      payment ? (
        <>
          {payment.batchNumber} 第 {payment.line} 行
          <span className={css["sub"]}>{payment.bankReference ?? paymentStateLabels[payment.state]}</span>
        </>
      ) : (
        "没有发放"
      ),
  },
  {
    key: "amount",
    title: "金额（元）",
    width: 130,
    align: "right",
    render: (row) => <MoneyText fen={row.payment?.amountFen ?? row.claimFen} unit={false} />,
  },
];

function Steps({ steps }: { steps: readonly TraceStep[] }) {
  const bad = steps.filter(({ equal }) => !equal).length;
  return (
    <Card
      title="各级核对"
      extra={bad === 0 ? <StatusTag tone="done">相符</StatusTag> : <StatusTag tone="late">{bad} 级不符</StatusTag>}
      padded
    >
      <ul className={css["panel"]}>
        {steps.map(({ says, leftFen, rightFen, equal }) => (
          <li key={says}>
            <span className={css["grow"]}>{says}</span>
            {equal ? (
              <MoneyText fen={leftFen} />
            ) : (
              <b className="tone-late">
                {yuan(leftFen)} ≠ {yuan(rightFen)} 元
              </b>
            )}
          </li>
        ))}
      </ul>
    </Card>
  );
}

/** One claim's way, from the bank upwards. */
function Way({ way }: { way: TraceWay }) {
  const { claim, rule, fundLine } = way;
  return (
    <>
      <Card title="银行文件和批次" note={`${way.payments.length} 笔`} padded>
        {way.payments.length === 0 ? (
          <EmptyState title="还没有发放" hint="编入批次以后，这里是它在银行文件里的行。" />
        ) : null}
        <ol className={css["events"]}>
          {way.payments.map(({ batch, ...one }) => (
            <li key={one.paymentId}>
              <b>
                <Link to={`/batches-of-payment/${batch.batchId}`}>{batch.number}</Link> 第 {one.line} 行
              </b>
              <StatusTag tone={paymentTones[one.state]}>{paymentStateLabels[one.state]}</StatusTag>{" "}
              <MoneyText fen={one.amountFen} />
              <p>
                {one.payeeName} {one.accountMask}
                {"　"}
                {one.bankReference ? `流水号 ${one.bankReference}` : (one.reason ?? "")}{" "}
                {one.answeredOn ? <DateText value={one.answeredOn} /> : null}
              </p>
              <p className="caption">
                全批 {batch.payments} 笔 {yuan(batch.totalFen)} 元；{batch.builtByName}编制，
                {batch.releasedByName ?? "尚未"}签发，{batch.countersignedByName ?? "尚未"}会签
                {batch.digest ? <span className={css["digest"]}>　校验码 {batch.digest}</span> : null}
              </p>
            </li>
          ))}
        </ol>
      </Card>
      <div className={css["columns"]}>
        <div className={css["stack"]}>
          <Card
            title="补贴件"
            note={claim.place}
            extra={<StatusTag tone={claimTones[claim.state]}>{claimStateLabels[claim.state]}</StatusTag>}
            padded
          >
            <p className={css["said"]}>
              <Link to={`/claims/${claim.claimId}`}>{claim.number}</Link>　{claim.title}：{claim.payeeName}{" "}
              <MoneyText fen={claim.amountFen} />
            </p>
            <ol className={css["events"]}>
              {way.events.map((event) => (
                <li key={`${event.at} ${event.act} ${event.note}`}>
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
          <Card
            title="明细和所用的事实"
            note={
              claim.items > way.items.length
                ? `共 ${claim.items} 项，这里是前 ${way.items.length} 项`
                : `${claim.items} 项，事实随件冻结`
            }
          >
            <TraceFacts items={way.items} />
          </Card>
        </div>
        <div className={css["stack"]}>
          <Card title="文件原文" padded>
            {way.articles.map((one) => (
              <div key={`${one.text} ${one.article} ${one.quote}`}>
                <Law
                  quote={one.quote ?? "（整条）"}
                  source={
                    <Link to={tracePath(`文件:${one.text}${one.article ? ` ${one.article}` : ""}`)}>
                      {[one.number || one.textTitle, one.article].filter(Boolean).join(" ")}
                    </Link>
                  }
                />
                <p className="caption">据以：{one.says}</p>
              </div>
            ))}
            <p className="caption">
              规则 <Link to={tracePath(`规则:${rule.rule}`)}>{rule.title}</Link>
              {rule.publishedByName ? `，${rule.publishedByName.replace(/发布$/, "")}发布` : ""}
              <span className={css["sub"]}>
                版本校验码 <span className={css["digest"]}>{rule.hash}</span>
              </span>
            </p>
          </Card>
          <Card title="资金" padded>
            {fundLine ? (
              <p className={css["said"]}>
                <Link to={tracePath(`额度:${fundLine.fundLineId}`)}>{fundLine.fund}</Link>
                <span className={css["sub"]}>
                  {fundLine.level} {fundLine.year} 年　{fundLine.document}
                  {fundLine.sample ? "（样例）" : ""}
                </span>
              </p>
            ) : (
              <EmptyState title="还没有占用资金" hint="复核通过时占用。" />
            )}
            <ul className={css["panel"]}>
              {way.movements.map((one) => (
                <li key={one.movementId}>
                  <span className={css["grow"]}>
                    {movementLabels[one.kind]}
                    <span className={css["sub"]}>
                      <DateText value={one.businessDate} /> {one.officerName}
                    </span>
                  </span>
                  <MoneyText fen={one.amountFen} />
                </li>
              ))}
            </ul>
          </Card>
        </div>
      </div>
    </>
  );
}
