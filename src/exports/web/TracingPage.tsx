import { Button, Input } from "antd";
import { useState } from "react";
import {
  Card,
  CountText,
  DataTable,
  EmptyState,
  MomentText,
  PageHeader,
  ProblemNotice,
  StatusTag,
  UploadBox,
  useAct,
} from "../../ui/index.ts";
import { traceFile, traceText, type Tracing } from "../contract.ts";
import css from "./exports.module.css";
import { ContentTag, whoOf } from "./words.tsx";

/** 导出溯源: a list was found where it should not be; who took it out, when, and for what. */
export default function TracingPage() {
  const [text, setText] = useState("");
  const [found, setFound] = useState<Tracing | null>(null);
  const paste = useAct(traceText, { refreshes: [], onDone: setFound });
  return (
    <>
      <PageHeader
        title="导出溯源"
        crumbs={[{ label: "管理" }, { label: "导出溯源" }]}
        note="凭导出编号，或凭表中任意几行，查出名单是谁在何时导出的"
      />
      <div className={css["stack"]}>
        <Card title="发现的表格" note="只用于比对，不保存" padded>
          <UploadBox
            route={traceFile}
            input={{}}
            accept=".xlsx,.xls,.csv,.ods"
            hint="XLSX、XLS、ODS、CSV；改名、删列、截取都可以"
            onDone={setFound}
          />
        </Card>
        <Card title="发现的文字" note="聊天记录、网页里的几行" padded>
          <div className={css["stack"]}>
            <Input.TextArea
              aria-label="发现的文字"
              rows={4}
              maxLength={100_000}
              value={text}
              placeholder="每行一人，如：石测甲  433124********0012"
              onChange={(event) => setText(event.target.value)}
            />
            <div>
              <Button
                type="primary"
                disabled={text.trim().length < 2}
                loading={paste.isPending}
                onClick={() => paste.mutate({ text })}
              >
                查找来源
              </Button>
            </div>
            {paste.error ? <ProblemNotice problem={paste.error} compact title="没有办成" /> : null}
          </div>
        </Card>
        {found ? <Sources found={found} /> : null}
      </div>
    </>
  );
}

function Sources({ found }: { found: Tracing }) {
  const note = `读了 ${found.rowsRead} 行${found.numbers.length > 0 ? `，其中写有编号 ${found.numbers.join("、")}` : "，没有见到导出编号"}`;
  return (
    <Card title="可能的来源" note={note}>
      <DataTable
        caption="可能的来源"
        rows={found.exports}
        rowKey={(row) => row.export.exportId}
        columns={[
          { key: "number", title: "编号", fixed: true, width: 138, render: (row) => row.export.number },
          {
            key: "why",
            title: "依据",
            fixed: true,
            width: 170,
            render: (row) => (
              <div className={css["tags"]}>
                {row.named ? <StatusTag tone="blue">编号相同</StatusTag> : null}
                {row.rowsFound > 0 ? <StatusTag tone="blue">{row.rowsFound} 行相同</StatusTag> : null}
              </div>
            ),
          },
          {
            key: "title",
            title: "名单",
            render: (row) => (
              <div className={css["list"]}>
                <span>
                  {row.export.title} <ContentTag row={row.export} />
                </span>
                <span className="caption">{row.export.about}</span>
              </div>
            ),
          },
          {
            key: "rows",
            title: "条数",
            align: "right",
            width: 76,
            render: (row) => <CountText value={row.export.rowsWritten ?? row.export.rowsAsked} />,
          },
          { key: "who", title: "导出人", render: (row) => whoOf(row.export) },
          { key: "purpose", title: "用途", render: (row) => row.export.purpose },
          {
            key: "taken",
            title: "下载时间",
            width: 118,
            render: (row) => (row.export.takenAt ? <MomentText value={row.export.takenAt} /> : "—"),
          },
        ]}
        empty={
          <EmptyState title="没有找到来源" hint="这些内容不在辖区内任何一次导出里；也可能列被改写过，请换几行再试。" />
        }
      />
    </Card>
  );
}
