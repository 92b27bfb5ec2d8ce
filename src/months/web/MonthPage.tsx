import { Button, Checkbox, Input } from "antd";
import { useState } from "react";
import {
  ActFooter,
  Answer,
  Card,
  DataTable,
  DateText,
  EmptyState,
  Link,
  PageHeader,
  ProblemNotice,
  StatusTag,
  moment,
  monthName,
  useAct,
  useGo,
  usePathPart,
  useRoute,
  useToast,
} from "../../ui/index.ts";
import {
  getRegionMonth,
  monthActLabels,
  monthStateLabels,
  submitMonth,
  type OpenWork,
  type RegionMonth,
} from "../contract.ts";
import css from "./months.module.css";
import { stateTones } from "./words.ts";

/** 一地一月: what is still open before it is closed, who is missing, and everything that has happened. */
export default function MonthPage() {
  const region = usePathPart("region");
  const month = usePathPart("month");
  const go = useGo();
  const answer = useRoute(getRegionMonth, { region, month });
  const found = answer.data?.month;
  return (
    <>
      <PageHeader
        title={found ? `${found.region.name} ${monthName(month)}` : monthName(month)}
        crumbs={[{ label: "月度关账", path: `/months?month=${month}` }, { label: found?.region.name ?? "" }]}
        tags={
          found ? (
            <>
              <StatusTag tone={stateTones[found.state]}>{monthStateLabels[found.state]}</StatusTag>{" "}
              <span className={found.tone === "plain" ? "caption" : `tone-${found.tone}`}>{found.words}</span>
            </>
          ) : null
        }
        actions={
          <Button onClick={() => go(`/months/${region}/${month}/report`)}>
            {found?.closing ? "看月报" : "预览月报"}
          </Button>
        }
      />
      <Answer query={answer} lines={8}>
        {({ month: one, open, steps, closings }) => (
          <div className={css["page"]}>
            {one.state === "returned" ? (
              <p className={css["returned"]}>
                <b>退回原因：</b>
                {one.reason}
              </p>
            ) : null}
            {open ? <Closing one={one} open={open} month={month} /> : null}
            <div className={css["two"]}>
              <Card title="办理经过" note={`${steps.length} 步`}>
                <DataTable
                  caption="办理经过"
                  density="short"
                  rows={steps}
                  rowKey={(step) => step.at}
                  columns={[
                    {
                      key: "on",
                      title: "日期",
                      width: 96,
                      fixed: true,
                      render: (step) => <DateText value={step.on} />,
                    },
                    { key: "act", title: "办理", width: 84, render: (step) => monthActLabels[step.act] },
                    { key: "who", title: "经办", render: (step) => `${step.organisation} ${step.officer}` },
                    { key: "reason", title: "说明", render: (step) => step.reason || "—" },
                  ]}
                  empty={<EmptyState title="还没有办理" hint="关账、签收、退回和重开都会逐条记在这里。" />}
                />
              </Card>
              <Card title="历次关账" note="每次关账的数都能按当时所知重新得出">
                <DataTable
                  caption="历次关账"
                  density="short"
                  rows={closings}
                  rowKey={(closing) => closing.closingId}
                  rowPath={(closing) => `/months/${region}/${month}/report?closing=${closing.closingId}`}
                  columns={[
                    { key: "at", title: "关账时点", fixed: true, render: (closing) => moment(closing.closedAt) },
                    {
                      key: "on",
                      title: "业务日期",
                      width: 96,
                      render: (closing) => <DateText value={closing.closedOn} />,
                    },
                    {
                      key: "current",
                      title: "效力",
                      width: 84,
                      render: (closing) => (
                        <StatusTag tone={closing.current ? "done" : "outline"}>
                          {closing.current ? "现行" : "已重开"}
                        </StatusTag>
                      ),
                    },
                    {
                      key: "missing",
                      title: "缺报",
                      render: (closing) => closing.missing.map((place) => place.name).join("、") || "—",
                    },
                  ]}
                  empty={<EmptyState title="这个月还没有关过账" />}
                />
              </Card>
            </div>
          </div>
        )}
      </Answer>
    </>
  );
}

/** What is still open, by kind, each with the way to it; then who is missing and why it is closed all the same. */
function Closing({ one, open, month }: { one: RegionMonth; open: OpenWork; month: string }) {
  const toast = useToast();
  const [missing, setMissing] = useState<ReadonlySet<string>>(new Set());
  const [note, setNote] = useState("");
  const submit = useAct(submitMonth, { onDone: () => toast.done(`${one.region.name}${monthName(month)}已关账。`) });
  const act = one.acts.find((known) => known === "submit" || known === "seal");
  const unnamed = open.below.filter((place) => !missing.has(place.code));
  const lines = linesOf(open, month, one.region.code);
  const pending = lines.filter((line) => line.count > 0 && line.blocks).length + open.below.length;
  return (
    <>
      <Card
        title="关账前"
        note={
          lines.every((line) => line.count === 0) && open.below.length === 0
            ? "没有未办结的事"
            : "先办结；确要现在关账的，在说明中写明"
        }
      >
        <ul className={css["open"]}>
          {lines.map((line) => (
            <li key={line.what}>
              <StatusTag tone={line.count === 0 ? "done" : line.blocks ? "late" : "soon"}>
                {line.count === 0 ? "已清" : `${line.count.toLocaleString("zh-CN")} ${line.unit}`}
              </StatusTag>
              <span>
                <b>{line.what}</b> <span className="caption">{line.note}</span>
              </span>
              {line.count > 0 && line.path ? <Link to={line.path}>去办 ›</Link> : null}
            </li>
          ))}
        </ul>
      </Card>
      {open.below.length > 0 ? (
        <Card title="下级未签收" note={`${open.below.length} 个；不等了的，逐一勾选列为缺报`} padded>
          <div className={css["missing"]}>
            {open.below.map((place) => (
              <Checkbox
                key={place.code}
                checked={missing.has(place.code)}
                disabled={!act}
                onChange={(event) => setMissing(withOrWithout(missing, place.code, event.target.checked))}
              >
                {place.name} <StatusTag tone={stateTones[place.state]}>{monthStateLabels[place.state]}</StatusTag>
              </Checkbox>
            ))}
            {act && open.below.length > 3 ? (
              <Button
                size="small"
                onClick={() =>
                  setMissing(
                    missing.size === open.below.length ? new Set() : new Set(open.below.map((place) => place.code)),
                  )
                }
              >
                {missing.size === open.below.length ? "全部取消" : `全部 ${open.below.length} 个列为缺报`}
              </Button>
            ) : null}
          </div>
        </Card>
      ) : null}
      {act ? (
        <Card title="说明" note={pending > 0 ? "必填：缺报和未办结的原因，随数据上报" : "可不填"} padded>
          <Input.TextArea
            aria-label="说明"
            value={note}
            rows={2}
            maxLength={200}
            onChange={(event) => setNote(event.target.value)}
            placeholder="例：公益性岗位花名册 22 日补报；其余乡镇由县统一核对"
          />
          {submit.error ? <ProblemNotice problem={submit.error} compact /> : null}
        </Card>
      ) : null}
      {act ? (
        <ActFooter
          title={`${monthActLabels[act]} ${one.region.name}${monthName(month)}`}
          note={
            unnamed.length > 0
              ? `还有 ${unnamed.length} 个下级未签收、未列为缺报`
              : "关账后本月台账不再接收、应用和撤销"
          }
          changes={[
            { count: 4, unit: "项", what: "重点指标定稿" },
            { count: missing.size, unit: "个", what: "下级列为缺报", tone: "late" },
          ]}
          undo={act === "seal" ? "可以自行重开，要写明原因。" : "上级签收前可退回；签收后由上级重开。"}
        >
          <Button
            type="primary"
            loading={submit.isPending}
            disabled={unnamed.length > 0 || (pending > 0 && note.trim() === "")}
            onClick={() => submit.mutate({ region: one.region.code, month, missing: [...missing], note })}
          >
            {monthActLabels[act]} {monthName(month)}
          </Button>
        </ActFooter>
      ) : (
        <p className="caption">由{one.region.name}的经办人员关账。</p>
      )}
    </>
  );
}

const COUNTY_DIGITS = 6;

function linesOf(open: OpenWork, month: string, region: string) {
  const batches = open.batches.map((batch) => `${batch.region.name} ${batch.title}`).join("、");
  return [
    // Tables are handed over to the county: nowhere else is there anything to have been received, or not.
    ...(region.length === COUNTY_DIGITS
      ? [
          {
            what: "按月应收的台账",
            count: open.absent.length,
            unit: "份未应用",
            note: open.absent.join("、"),
            path: `/ledger?month=${month}`,
            blocks: true,
          },
        ]
      : []),
    {
      what: "未办完的批次",
      count: open.batches.length,
      unit: "批",
      note: batches,
      path: open.batches[0] ? `/ledger/${open.batches[0].batchId}` : "",
      blocks: true,
    },
    {
      what: "台账待修行",
      count: open.waitingRows,
      unit: "行",
      note: "待修的行没有应用，也不算消失",
      path: `/ledger?month=${month}`,
      blocks: true,
    },
    {
      what: "逾期的比对任务",
      count: open.overdue,
      unit: "件",
      note: open.comparisons > 0 ? `共 ${open.comparisons} 件未办` : "",
      path: "/comparisons?overdue=true",
      blocks: true,
    },
    {
      what: "待核实人员",
      count: open.toVerify,
      unit: "人",
      note: "不影响关账，核实后随下月更正",
      path: "/persons?workStates=to-verify",
      blocks: false,
    },
  ];
}

function withOrWithout(set: ReadonlySet<string>, code: string, wanted: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (wanted) next.add(code);
  else next.delete(code);
  return next;
}
