import { Button, Input, Select } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  call,
  CountText,
  DataTable,
  DateText,
  EmptyState,
  Link,
  PageHeader,
  StatusTag,
  addMonths,
  monthName,
  useAddress,
  useGo,
  useRefresh,
  useRoute,
  useSession,
  useToast,
  type Column,
} from "../../ui/index.ts";
import {
  acknowledgeMonths,
  getMonths,
  monthActLabels,
  monthStateLabels,
  reopenMonth,
  returnMonth,
  type MonthAct,
  type RegionMonth,
} from "../contract.ts";
import { CalendarCards } from "./CalendarCards.tsx";
import css from "./months.module.css";
import { indicators, shortIndicators, signed, stateTones } from "./words.ts";

const OFFERED = 24;

/** The current month and those before it; an older one that the address asks for stands at the end. */
function monthsUpTo(now: string, shown: string) {
  const months = Array.from({ length: OFFERED }, (_, back) => addMonths(now, -back));
  return (months.includes(shown) ? months : [...months, shown]).map((month) => ({
    value: month,
    label: monthName(month),
  }));
}

/** 月度: the own month, all regions right below at a glance, who owes what by when. */
export default function MonthsPage() {
  const { region, businessDate } = useSession();
  const go = useGo();
  const [address, setAddress] = useAddress({ month: "" });
  const answer = useRoute(getMonths, address.month ? { month: address.month } : {}, { keep: true });
  const month = answer.data?.month;
  const own = answer.data?.own;
  const closable = own?.acts.find((act) => act === "submit" || act === "seal");
  return (
    <>
      <PageHeader
        title="月度关账"
        crumbs={[{ label: "月度关账" }]}
        note={month ? `${region.name} ${monthName(month)}` : ""}
        tags={own ? <StatusTag tone={stateTones[own.state]}>{monthStateLabels[own.state]}</StatusTag> : null}
        actions={
          <>
            {month ? (
              <Select
                aria-label="月份"
                value={month}
                style={{ width: 128 }}
                options={monthsUpTo(businessDate.slice(0, 7), month)}
                onChange={(value) => setAddress({ month: value })}
              />
            ) : null}
            {own ? (
              <Button onClick={() => go(`/months/${own.region.code}/${month}/report`)}>
                {own.closing ? "看月报" : "预览月报"}
              </Button>
            ) : null}
            {own && closable ? (
              <Button type="primary" onClick={() => go(`/months/${own.region.code}/${month}`)}>
                去关账
              </Button>
            ) : null}
          </>
        }
      />
      <Answer query={answer} lines={8}>
        {(data) => (
          <div className={css["page"]}>
            {data.own ? <OwnMonth own={data.own} month={data.month} recent={data.recent} /> : null}
            {data.below.length > 0 ? <Below key={data.month} rows={data.below} month={data.month} /> : null}
            {data.own === null ? (
              <Card>
                <EmptyState
                  title="这一级没有月度关账"
                  hint="月度由乡镇确认，县、市州、省逐级关账。村里的数据随乡镇一并确认。"
                />
              </Card>
            ) : null}
            <CalendarCards month={data.month} />
          </div>
        )}
      </Answer>
    </>
  );
}

function OwnMonth({
  own,
  month,
  recent,
}: {
  own: RegionMonth;
  month: string;
  recent: readonly { month: string; state: RegionMonth["state"] }[];
}) {
  return (
    <Card
      title="本级"
      note={own.closing ? `${own.closing.closedOn} ${own.closing.closedBy}关账` : `${own.dueOn} 前上报`}
      extra={<Link to={`/months/${own.region.code}/${month}`}>办理经过 ›</Link>}
      padded
    >
      <div className={css["own"]}>
        <dl className={css["figures"]}>
          {indicators.map((indicator) => {
            const figure = own.figures?.find((one) => one.indicator === indicator);
            return (
              <div key={indicator}>
                <dt>{shortIndicators[indicator]}</dt>
                <dd>{figure ? <CountText value={figure.total} /> : "—"}</dd>
                <dd className={css["change"]}>
                  {figure ? `本月 ${signed(figure.entered - figure.gone)}` : own.closing ? "正在汇总" : "关账后生成"}
                </dd>
              </div>
            );
          })}
        </dl>
        <div className={css["recent"]}>
          <span className="caption">近几个月</span>
          {recent.length === 0 ? <span className="caption">还没有关过账</span> : null}
          {recent.slice(0, 6).map((one) => (
            <Link key={one.month} to={`/months?month=${one.month}`}>
              {Number(one.month.slice(5))}月{" "}
              <StatusTag tone={stateTones[one.state]}>{monthStateLabels[one.state]}</StatusTag>
            </Link>
          ))}
        </div>
      </div>
      {own.state === "returned" ? (
        <p className={css["returned"]}>
          <b>退回原因：</b>
          {own.reason}
        </p>
      ) : null}
    </Card>
  );
}

interface Asking {
  readonly act: "return" | "reopen";
  readonly row: RegionMonth;
}

function Below({ rows, month }: { rows: readonly RegionMonth[]; month: string }) {
  const toast = useToast();
  const refresh = useRefresh();
  const [selected, setSelected] = useState<ReadonlyMap<string, RegionMonth>>(new Map());
  const [confirming, setConfirming] = useState(false);
  const [asking, setAsking] = useState<Asking | null>(null);
  const [reason, setReason] = useState("");
  const waiting = rows.filter((row) => row.acts.includes("acknowledge"));
  const chosen = [...selected.values()].filter((row) => row.acts.includes("acknowledge"));
  const done = rows.filter((row) => row.state === "acknowledged").length;
  const ask = (act: Asking["act"], row: RegionMonth) => {
    setReason("");
    setAsking({ act, row });
  };
  const columns: Column<RegionMonth>[] = [
    { key: "region", title: "地区", fixed: true, render: (row) => row.region.name },
    {
      key: "state",
      title: "状态",
      width: 84,
      render: (row) => <StatusTag tone={stateTones[row.state]}>{monthStateLabels[row.state]}</StatusTag>,
    },
    {
      key: "due",
      title: "报送",
      width: 150,
      render: (row) => (
        <>
          <span className={row.tone === "plain" ? "secondary" : `tone-${row.tone}`}>{row.words}</span>{" "}
          {row.closing ? <DateText value={row.closing.closedOn} /> : null}
        </>
      ),
    },
    ...indicators.map((indicator): Column<RegionMonth> => ({
      key: indicator,
      title: shortIndicators[indicator],
      align: "right",
      width: 118,
      render: (row) => {
        const figure = row.figures?.find((one) => one.indicator === indicator);
        if (!figure) return <span className="caption">—</span>;
        const change = figure.entered - figure.gone;
        return (
          <>
            <CountText value={figure.total} />{" "}
            <span className={css["change"]}>{change === 0 ? "" : signed(change)}</span>
          </>
        );
      },
    })),
    {
      key: "note",
      title: "说明",
      render: (row) => (
        <span className={css["note"]}>
          {row.state === "returned"
            ? `退回：${row.reason}`
            : row.closing
              ? [row.closing.missing.length > 0 ? `缺报 ${row.closing.missing.length} 个` : "", row.closing.note]
                  .filter(Boolean)
                  .join("；") || "—"
              : "—"}
        </span>
      ),
    },
    {
      key: "acts",
      title: "办理",
      align: "right",
      width: 128,
      render: (row) => (
        <span className={css["acts"]}>
          {row.closing ? <Link to={`/months/${row.region.code}/${month}/report`}>月报</Link> : null}
          {(["return", "reopen"] as const)
            .filter((act) => row.acts.includes(act))
            .map((act) => (
              <Button
                key={act}
                type="link"
                size="small"
                onClick={() => ask(act, row)}
                aria-label={`${monthActLabels[act as MonthAct]} ${row.region.name}`}
              >
                {monthActLabels[act]}
              </Button>
            ))}
        </span>
      ),
    },
  ];
  return (
    <Card
      title="下级"
      note={`已签收 ${done} / ${rows.length}${waiting.length > 0 ? `，${waiting.length} 个待签收` : ""}`}
      extra={
        waiting.length > 0 ? (
          <Button size="small" type="primary" onClick={() => setConfirming(true)}>
            {chosen.length > 0 ? `签收所选 ${chosen.length} 个` : `全部签收 ${waiting.length} 个`}
          </Button>
        ) : null
      }
    >
      <DataTable
        caption={`${monthName(month)}下级关账情况`}
        rows={rows}
        rowKey={(row) => row.region.code}
        rowPath={(row) => `/months/${row.region.code}/${month}`}
        columns={columns}
        tone={(row) => (row.tone === "late" && row.closing === null ? "late" : undefined)}
        {...(waiting.length > 0
          ? {
              selection: {
                selected,
                onChange: setSelected,
                label: (row: RegionMonth) => `选择${row.region.name}`,
                disabled: (row: RegionMonth) => !row.acts.includes("acknowledge"),
              },
            }
          : {})}
      />
      <ConfirmAct
        open={confirming}
        title={`签收${monthName(month)}上报`}
        changes={[
          { count: (chosen.length > 0 ? chosen : waiting).length, unit: "个", what: "下级的月度数据定稿，计入本级" },
        ]}
        undo="本级关账之前可以重开；签收后下级不能自行改动。"
        confirm={`签收 ${(chosen.length > 0 ? chosen : waiting).length} 个`}
        onConfirm={async () => {
          const regions = (chosen.length > 0 ? chosen : waiting).map((row) => row.region.code);
          await call(acknowledgeMonths, { month, regions });
          setSelected(new Map());
          toast.done(`已签收 ${regions.length} 个地区。`);
          await refresh();
        }}
        onClose={() => setConfirming(false)}
      />
      <ConfirmAct
        open={asking !== null}
        title={asking ? `${monthActLabels[asking.act]} ${asking.row.region.name}${monthName(month)}` : ""}
        changes={[
          {
            count: 1,
            unit: "个",
            what: asking?.act === "reopen" ? "已签收的月份重新打开，下级可以更正后再报" : "上报退给下级，更正后再报",
          },
        ]}
        undo="原来关账的数据仍然保留，可以查看。"
        confirm={asking ? `${monthActLabels[asking.act]}，并告知原因` : ""}
        danger
        disabled={reason.trim().length < 2}
        onConfirm={async () => {
          if (!asking) return;
          const input = { region: asking.row.region.code, month, reason };
          await (asking.act === "return" ? call(returnMonth, input) : call(reopenMonth, input));
          toast.done(`${asking.row.region.name}${monthName(month)}已${monthActLabels[asking.act]}。`);
          await refresh();
        }}
        onClose={() => setAsking(null)}
      >
        <label className={css["reason"]} htmlFor="month-reason">
          原因（下级会看到）
          <Input.TextArea
            id="month-reason"
            value={reason}
            maxLength={200}
            rows={3}
            onChange={(event) => setReason(event.target.value)}
            placeholder="例：双龙镇 3 人已于 4 月返乡，务工结束时间未填"
          />
        </label>
      </ConfirmAct>
    </Card>
  );
}
