import { Button, Input, Pagination, Radio } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  DateText,
  DownloadButton,
  DueText,
  EmptyState,
  Link,
  May,
  MoneyText,
  PageHeader,
  StatusTag,
  call,
  download,
  useAddress,
  usePathPart,
  useRefresh,
  useRoute,
  useToast,
} from "../../ui/index.ts";
import {
  decideObjection,
  downloadPublication,
  getPublication,
  listFormats,
  objectionStateLabels,
  publicationStateLabels,
  raiseObjection,
  subsidiesPermissions,
  type Objection,
  type PublicationView,
} from "../contract.ts";
import css from "./subsidies.module.css";

const LINES = 50;
const FORMATS: Record<(typeof listFormats)[number], string> = { docx: "Word", pdf: "PDF", xlsx: "XLSX" };
type Line = PublicationView["lines"][number];

/** One list as it was published, with the objections against lines of it. */
export default function PublicationPage() {
  const publicationId = usePathPart("publicationId");
  const [{ page }, setAddress] = useAddress({ page: "1" });
  const query = useRoute(getPublication, { publicationId, page: Number(page) || 1, size: LINES }, { keep: true });
  return (
    <Answer query={query} lines={10}>
      {(shown) => (
        <>
          <PageHeader
            title={`${(shown.area ?? shown.place).name}${shown.title}公示`}
            crumbs={[{ label: "补贴公示", path: "/publications" }, { label: shown.number }]}
            tags={
              <StatusTag tone={shown.state === "open" ? "blue" : "done"}>
                {publicationStateLabels[shown.state]}
              </StatusTag>
            }
            actions={
              <>
                {listFormats.map((format) => (
                  <DownloadButton key={format} start={() => download(downloadPublication, { publicationId, format })}>
                    {FORMATS[format]}
                  </DownloadButton>
                ))}
                {shown.state === "open" ? (
                  <Button href={`/notices/${shown.number}`} target="_blank">
                    公众看到的页面
                  </Button>
                ) : null}
              </>
            }
          />
          <div className={css["columns"]}>
            <Card
              title="名单"
              note={`${shown.claims} 件${takenOut(shown) > 0 ? `，其中 ${takenOut(shown)} 件已撤下` : ""}`}
            >
              <DataTable
                caption="公示名单"
                rows={shown.lines}
                rowKey={(row) => String(row.line)}
                columns={columnsFor(shown)}
              />
              {shown.total > LINES ? (
                <div className={css["pages"]}>
                  <Pagination
                    size="small"
                    current={Number(page) || 1}
                    pageSize={LINES}
                    total={shown.total}
                    showSizeChanger={false}
                    onChange={(next) => setAddress({ page: String(next) })}
                  />
                </div>
              ) : null}
            </Card>
            <div className={css["stack"]}>
              <About shown={shown} />
              <Objections objections={shown.objectionList} />
            </div>
          </div>
        </>
      )}
    </Answer>
  );
}

/** Lines that an upheld objection has taken off the list: its sums stay those that were published. */
const takenOut = ({ objectionList }: PublicationView): number =>
  objectionList.filter(({ state }) => state === "upheld").length;

const columnsFor = (shown: PublicationView) => [
  { key: "line", title: "序号", width: 60, render: (row: Line) => row.line },
  { key: "place", title: "村（社区）、地区", width: 130, render: (row: Line) => row.place },
  {
    key: "payee",
    title: "收款人",
    render: (row: Line) => (
      <>
        <Link to={`/claims/${row.claimId}`}>{row.payeeName}</Link>
        {row.identityMask ? <span className={css["sub"]}>{row.identityMask}</span> : null}
      </>
    ),
  },
  {
    key: "amount",
    title: "金额（元）",
    width: 110,
    align: "right" as const,
    render: (row: Line) => (row.takenOut ? "已撤下" : <MoneyText fen={row.amountFen} unit={false} />),
  },
  {
    key: "act",
    title: "异议",
    width: 84,
    render: (row: Line) =>
      shown.objectionList.some(({ claimId, state }) => claimId === row.claimId && state === "open") ? (
        <StatusTag tone="soon">待答复</StatusTag>
      ) : shown.state === "open" && !row.takenOut ? (
        <May permission={subsidiesPermissions.handle}>
          <ObjectButton publicationId={shown.publicationId} line={row} />
        </May>
      ) : null,
  },
];

function About({ shown }: { shown: PublicationView }) {
  return (
    <Card title="公示" padded>
      <dl className={css["facts"]}>
        <dt>合计</dt>
        <dd>
          <b>
            <MoneyText fen={shown.amountFen} />
          </b>
          {takenOut(shown) > 0 ? <span className={css["sub"]}>公示时的数，含已撤下的 {takenOut(shown)} 件</span> : null}
        </dd>
        <dt>公示期</dt>
        <dd>
          <DateText value={shown.startsOn} /> 至 <DateText value={shown.endsOn} />
        </dd>
        <dt>资金渠道</dt>
        <dd>{shown.fund}</dd>
        <dt>受理异议</dt>
        <dd>{shown.contact}</dd>
        <dt>公示人</dt>
        <dd>{shown.publishedByName}</dd>
        <dt>校验码</dt>
        <dd className={css["digest"]}>{shown.digest}</dd>
      </dl>
      <p className="caption">
        校验码记入审计日志，随每日签名封存；名单日后可据以核对，不需要相信本系统。
        <a href={`/notices/check?number=${shown.number}&digest=${shown.digest}`} target="_blank" rel="noreferrer">
          核对名单
        </a>
      </p>
    </Card>
  );
}

function Objections({ objections }: { objections: readonly Objection[] }) {
  return (
    <Card title="异议" note={`${objections.length} 件`} padded>
      {objections.length === 0 ? (
        <EmptyState title="没有异议" hint="收到的异议在左边那一行登记。" />
      ) : (
        <ul className={css["panel"]}>
          {objections.map((one) => (
            <li key={one.objectionId}>
              <StatusTag tone={one.state === "open" ? "soon" : one.state === "upheld" ? "late" : "done"}>
                {objectionStateLabels[one.state]}
              </StatusTag>
              <Link to={`/claims/${one.claimId}`}>{one.payeeName}</Link>
              {one.state === "open" ? <DueText due={one.dueOn} /> : null}
              <span className={css["sub"]}>
                {one.raisedBy}：{one.content}
              </span>
              {one.answer ? (
                <span className={css["sub"]}>
                  {one.decidedByName} 答复：{one.answer}
                </span>
              ) : (
                <>
                  <span className={css["sub"]}>由登记人以外的复核人员核实答复</span>
                  <May permission={subsidiesPermissions.approve}>
                    <AnswerButton objection={one} />
                  </May>
                </>
              )}
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function ObjectButton({ publicationId, line }: { publicationId: string; line: Line }) {
  const [open, setOpen] = useState(false);
  const [raisedBy, setRaisedBy] = useState("");
  const [content, setContent] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        登记
      </Button>
      <ConfirmAct
        open={open}
        title={`登记异议：${line.payeeName}`}
        changes={[{ count: 1, unit: "件", what: "暂停转发放，名单上其他人不受影响" }]}
        undo="由另一人核实答复；不成立的继续办理。"
        confirm="登记异议"
        lacks={[raisedBy.trim().length < 2 && "异议人", content.trim().length < 4 && "异议内容（至少 4 个字）"]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(raiseObjection, {
            publicationId,
            claimId: line.claimId,
            raisedBy: raisedBy.trim(),
            content: content.trim(),
          });
          toast.done("已登记异议。");
          await refresh();
        }}
      >
        <Input
          className={css["field"] ?? ""}
          aria-label="异议人"
          placeholder="异议人，匿名的写“匿名”"
          maxLength={60}
          value={raisedBy}
          onChange={(event) => setRaisedBy(event.target.value)}
        />
        <Input.TextArea
          className={css["field"] ?? ""}
          aria-label="异议内容"
          placeholder="异议内容"
          maxLength={1000}
          autoSize={{ minRows: 3, maxRows: 8 }}
          value={content}
          onChange={(event) => setContent(event.target.value)}
        />
      </ConfirmAct>
    </>
  );
}

function AnswerButton({ objection }: { objection: Objection }) {
  const [open, setOpen] = useState(false);
  const [upheld, setUpheld] = useState<boolean>();
  const [answer, setAnswer] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <Button size="small" onClick={() => setOpen(true)}>
        答复
      </Button>
      <ConfirmAct
        open={open}
        title={`答复异议：${objection.payeeName}`}
        changes={[
          {
            count: 1,
            unit: "件",
            what:
              upheld === undefined
                ? "成立的从名单撤下、退回初审；不成立的公示期满后继续发放"
                : upheld
                  ? "异议成立：从名单撤下，退回初审，占用的资金释放"
                  : "异议不成立，公示期满后继续发放",
          },
        ]}
        undo="答复后不能更改。"
        confirm="答复"
        lacks={[upheld === undefined && "结论", answer.trim().length < 4 && "核实的情况和答复（至少 4 个字）"]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(decideObjection, { objectionId: objection.objectionId, upheld: upheld!, answer: answer.trim() });
          toast.done("已答复。");
          await refresh();
        }}
      >
        <Radio.Group
          className={css["field"] ?? ""}
          aria-label="结论"
          value={upheld}
          onChange={(event) => setUpheld(event.target.value as boolean)}
          options={[
            { value: true, label: "异议成立" },
            { value: false, label: "异议不成立" },
          ]}
        />
        <Input.TextArea
          className={css["field"] ?? ""}
          aria-label="核实情况和答复"
          placeholder="核实的情况和答复"
          maxLength={1000}
          autoSize={{ minRows: 3, maxRows: 8 }}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
        />
      </ConfirmAct>
    </>
  );
}
