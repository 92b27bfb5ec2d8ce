import { Button, Segmented } from "antd";
import { useState } from "react";
import {
  Answer,
  DataTable,
  DownloadButton,
  EmptyState,
  PageHeader,
  StatusTag,
  download,
  moment,
  monthName,
  useAddress,
  usePathPart,
  useRoute,
} from "../../ui/index.ts";
import {
  changeListLabels,
  changeLists,
  downloadReport,
  getReport,
  indicators,
  INDICATORS_SOURCE,
  indicatorWords,
  listChanged,
  missingWords,
  monthStateLabels,
  reportFormats,
  type Bridge,
  type ChangeList,
  type MonthReport,
} from "../contract.ts";
import css from "./report.module.css";
import { shortIndicators, signed, stateTones } from "./words.ts";

/** While figures of a new closing are counted, how often to look. */
const COUNTING_MS = 1500;

/** 月报: as it is printed, with what is known of it, and as files. */
export default function ReportPage() {
  const region = usePathPart("region");
  const month = usePathPart("month");
  const [{ closing }] = useAddress({ closing: "" });
  const asked = { region, month, ...(closing ? { closingId: closing } : {}) };
  const answer = useRoute(getReport, asked, { every: (report) => (report && !report.counted ? COUNTING_MS : false) });
  const report = answer.data;
  const ready = report?.counted ?? false;
  return (
    <>
      <div className={css["noPrint"]}>
        <PageHeader
          title={`${monthName(month)}月报`}
          crumbs={[
            { label: "月度关账", path: `/months?month=${month}` },
            { label: report?.region.name ?? "", path: `/months/${region}/${month}` },
            { label: "月报" },
          ]}
          note={report?.asOf ? `${moment(report.asOf)} 关账时所知` : "预览：尚未关账"}
          tags={report ? <StatusTag tone={stateTones[report.state]}>{monthStateLabels[report.state]}</StatusTag> : null}
          actions={
            ready ? (
              <>
                {reportFormats.map((format) => (
                  <DownloadButton key={format} start={() => download(downloadReport, { ...asked, format })}>
                    {format.toUpperCase()}
                  </DownloadButton>
                ))}
                <Button type="primary" onClick={() => window.print()}>
                  打印
                </Button>
              </>
            ) : null
          }
        />
      </div>
      <Answer query={answer} lines={12}>
        {(found) =>
          found.counted ? (
            <Sheet report={found} asked={asked} />
          ) : (
            <div className={css["sheet"]}>
              <EmptyState title="正在汇总" hint="刚刚关账，数据按关账时点汇总，通常一分钟内完成。本页会自动更新。" />
            </div>
          )
        }
      </Answer>
    </>
  );
}

function Sheet({
  report,
  asked,
}: {
  report: MonthReport;
  asked: { region: string; month: string; closingId?: string };
}) {
  const missing = missingWords(report);
  return (
    <article className={css["sheet"]} aria-label="月报">
      <h2 className={css["title"]}>
        {report.region.name}
        {monthName(report.month)}脱贫人口务工就业月报
      </h2>
      <div className={css["heads"]}>
        <span>填报单位：{report.organisation ?? "（未关账，预览）"}</span>
        <span>数据时点：{report.asOf ? moment(report.asOf) : "当前登记库"}</span>
        <span>
          状态：{monthStateLabels[report.state]}
          {report.acknowledgedBy ? `（${report.acknowledgedBy}）` : ""}
        </span>
      </div>
      {missing === null ? null : <p className={css["remark"]}>{missing}</p>}
      {report.late.length > 0 ? (
        <p className={css["remark"]}>迟报：{report.late.map((one) => `${one.name} ${one.lateDays} 天`).join("、")}。</p>
      ) : null}
      {report.note ? <p className={css["plain"]}>说明：{report.note}</p> : null}

      <h3>一、四项重点指标</h3>
      <BridgeTable bridges={report.bridges} />
      <h3>二、分地区</h3>
      {report.parts.length === 0 ? <p className={css["plain"]}>没有下级数据。</p> : <PartsTable report={report} />}
      <h3>三、数据质量</h3>
      {report.quality.length === 0 ? (
        <p className={css["plain"]}>下级上报后显示。</p>
      ) : (
        <QualityTable report={report} />
      )}

      <ol className={css["sources"]}>
        <li>{INDICATORS_SOURCE}</li>
        {indicators.map((indicator) => (
          <li key={indicator}>
            {indicatorWords[indicator].label}：{indicatorWords[indicator].counted}。来源：
            {indicatorWords[indicator].from}。
          </li>
        ))}
        <li>上月数＋上月调整＋本月新增－本月减少＝本月数。上月调整是上月关账之后才知道的更正、补报和撤销。</li>
      </ol>
      <div className={css["signatures"]}>
        <span>制表人：{report.preparedBy ?? ""}</span>
        <span>审核人：</span>
        <span>单位负责人：</span>
        <span>报出日期：{report.closedOn ?? ""}</span>
      </div>
      {report.lists ? <ChangeLists report={report} asked={asked} /> : null}
    </article>
  );
}

const number = (value: number | null) => (value === null ? "—" : value.toLocaleString("zh-CN"));

function BridgeTable({ bridges }: { bridges: readonly Bridge[] }) {
  return (
    <div className={css["scroll"]}>
      <table className={css["table"]}>
        <caption className="sr-only">四项重点指标</caption>
        <thead>
          <tr>
            {[
              "指标",
              "单位",
              "上月数",
              "上月调整",
              "本月新增",
              "本月减少",
              "本月数",
              "其中：脱贫人口",
              "监测对象",
              "低收入人口",
            ].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {bridges.map((one) => {
            const people = one.indicator !== "workshops";
            return (
              <tr key={one.indicator}>
                <th scope="row">{indicatorWords[one.indicator].label}</th>
                <td className={css["unit"]}>{indicatorWords[one.indicator].unit}</td>
                <td>{number(one.previous)}</td>
                <td className={one.adjusted ? css["adjusted"] : ""}>
                  {one.adjusted === null ? "—" : signed(one.adjusted)}
                </td>
                <td>{number(one.entered)}</td>
                <td>{number(one.gone)}</td>
                <td className={css["total"]}>{number(one.total)}</td>
                <td>{people ? number(one.lifted) : "—"}</td>
                <td>{people ? number(one.monitored) : "—"}</td>
                <td>{people ? number(one.lowIncome) : "—"}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function PartsTable({ report }: { report: MonthReport }) {
  const cells = (bridges: readonly Bridge[]) =>
    bridges.flatMap((one) => [
      <td key={one.indicator}>{number(one.total)}</td>,
      <td key={`${one.indicator} change`} className={css["delta"]}>
        {one.previous === null ? "—" : signed(one.total - one.previous)}
      </td>,
    ]);
  return (
    <div className={css["scroll"]}>
      <table className={css["table"]}>
        <caption className="sr-only">分地区</caption>
        <thead>
          <tr>
            <th scope="col">地区</th>
            {indicators.flatMap((indicator) => [
              <th key={indicator} scope="col">
                {shortIndicators[indicator]}
              </th>,
              <th key={`${indicator} change`} scope="col">
                较上月
              </th>,
            ])}
          </tr>
        </thead>
        <tbody>
          <tr className={css["sum"]}>
            <th scope="row">合计</th>
            {cells(report.bridges)}
          </tr>
          {report.parts.map((part) => (
            <tr key={part.region.code}>
              <th scope="row">{part.region.name}</th>
              {cells(part.bridges)}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function QualityTable({ report }: { report: MonthReport }) {
  return (
    <div className={css["scroll"]}>
      <table className={css["table"]}>
        <caption className="sr-only">数据质量</caption>
        <thead>
          <tr>
            {["地区", "在册人员", "待修行", "比对任务", "其中逾期", "已核实", "待核实人员", "报送"].map((head) => (
              <th key={head} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {report.quality.map((row) => (
            <tr key={row.region.code}>
              <th scope="row">{row.region.name}</th>
              <td>{number(row.persons)}</td>
              <td>{number(row.waitingRows)}</td>
              <td>{number(row.comparisons)}</td>
              <td className={row.overdue > 0 ? css["adjusted"] : ""}>{number(row.overdue)}</td>
              <td>{number(row.decided)}</td>
              <td>{number(row.toVerify)}</td>
              <td className={css["unit"]}>
                {row.lateDays === null ? (
                  <span className="caption">未报</span>
                ) : row.lateDays === 0 ? (
                  "按时"
                ) : (
                  <span className="tone-late">迟 {row.lateDays} 天</span>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** On screen only, a page at a time; the files have the lists whole. */
function ChangeLists({
  report,
  asked,
}: {
  report: MonthReport;
  asked: { region: string; month: string; closingId?: string };
}) {
  const [list, setList] = useState<ChangeList>("entered");
  const [page, setPage] = useState(1);
  const size = 50;
  const answer = useRoute(listChanged, { ...asked, list, page, size }, { keep: true });
  return (
    <section className={css["lists"]} aria-label="变化名单">
      <h3>附：变化名单</h3>
      <div className={css["noPrint"]}>
        <Segmented
          value={list}
          onChange={(value) => {
            setList(value);
            setPage(1);
          }}
          options={changeLists.map((value) => ({ value, label: changeListLabels[value] }))}
        />
      </div>
      <Answer query={answer} lines={4}>
        {({ rows, total }) => (
          <>
            <p className={css["plain"]}>
              {changeListLabels[list]} {total.toLocaleString("zh-CN")} 条，姓名和证件号已遮盖
            </p>
            <DataTable
              caption={`${changeListLabels[list]}名单`}
              density="short"
              rows={rows.map((row, index) => ({ ...row, key: `${page} ${index}` }))}
              rowKey={(row) => row.key}
              columns={[
                { key: "name", title: "姓名", width: 110, fixed: true, render: (row) => row.name },
                {
                  key: "mask",
                  title: "证件号",
                  width: 170,
                  render: (row) => (row.mask ? <span className="mono">{row.mask}</span> : "—"),
                },
                { key: "indicator", title: "指标", width: 150, render: (row) => indicatorWords[row.indicator].label },
                { key: "village", title: "地区", width: 180, render: (row) => row.village },
                ...(list === "adjusted"
                  ? [
                      {
                        key: "sign",
                        title: "计入/计出",
                        width: 84,
                        render: (row: (typeof rows)[number]) => (row.sign > 0 ? "计入" : "计出"),
                      },
                      {
                        key: "cells",
                        title: "更正内容",
                        render: (row: (typeof rows)[number]) => row.cells.join("；") || "—",
                      },
                    ]
                  : []),
              ]}
              empty={
                <EmptyState
                  title={`没有${changeListLabels[list]}`}
                  hint={list === "adjusted" && report.bridges[0]?.previous === null ? "上月没有关账，无从比较。" : ""}
                />
              }
            />
            {total > size ? (
              <div className={`${css["noPrint"]} ${css["pager"]}`}>
                <Button size="small" disabled={page === 1} onClick={() => setPage(page - 1)}>
                  上一页
                </Button>
                <span className="caption">
                  第 {page} / {Math.ceil(total / size)} 页
                </span>
                <Button size="small" disabled={page * size >= total} onClick={() => setPage(page + 1)}>
                  下一页
                </Button>
              </div>
            ) : null}
          </>
        )}
      </Answer>
    </section>
  );
}
