import { Button, Input, Modal, Radio } from "antd";
import { useState } from "react";
import type { ExportFormat, Route } from "../platform/contract.ts";
import { download } from "./client.ts";
import { count } from "./format.ts";
import { Icon } from "./Icon.tsx";
import { ProblemNotice } from "./states.tsx";

export interface ExportButtonProps {
  route: Route & { kind: "download" };
  input: Readonly<Record<string, unknown>>;
  total: number;
  asksPurpose: boolean;
  /** More rows than this are refused: said before anything is asked. */
  most?: number;
  /** More than one: asks which, and sends it as `format`. */
  formats?: readonly ExportFormat[];
}

const formatLabels: Record<ExportFormat, string> = { xlsx: "Excel 表格（.xlsx）", csv: "文本（.csv）" };

const PURPOSE_LEAST = 4;

/** Exports what the list shows. Where the data need it, asks what for first; a refusal is shown whole, not as a broken file. */
export function ExportButton({ route, input, total, asksPurpose, most, formats = [] }: ExportButtonProps) {
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [purpose, setPurpose] = useState("");
  const [format, setFormat] = useState(formats[0]);
  const [problem, setProblem] = useState<unknown>(null);
  const start = async () => {
    setBusy(true);
    setProblem(null);
    try {
      await download(route, {
        ...input,
        ...(asksPurpose ? { purpose: purpose.trim() } : {}),
        ...(format ? { format } : {}),
      });
      setOpen(false);
    } catch (cause) {
      setProblem(cause);
      setOpen(true);
    } finally {
      setBusy(false);
    }
  };
  const tooMany = most !== undefined && total > most;
  const begin = () => {
    setProblem(null);
    if (asksPurpose || tooMany) setOpen(true);
    else void start();
  };
  return (
    <>
      <Button
        size="small"
        icon={<Icon name="download" />}
        loading={busy && !open}
        disabled={total === 0}
        onClick={begin}
      >
        导出{total > 0 ? ` ${count(total)} 条` : ""}
      </Button>
      <Modal
        open={open}
        title={`导出 ${count(total)} 条`}
        okText={asksPurpose ? "记录用途并导出" : "重试"}
        cancelText="不导了"
        okButtonProps={{ loading: busy, disabled: tooMany || (asksPurpose && purpose.trim().length < PURPOSE_LEAST) }}
        onOk={() => void start()}
        onCancel={() => setOpen(false)}
        width={440}
      >
        {tooMany ? (
          <p>
            一次最多导出 {count(most)} 条，现在有 {count(total)} 条。请先用列表上面的条件缩小范围，再分次导出。
          </p>
        ) : asksPurpose ? (
          <>
            <p>导出的表带有您的姓名、时间和编号水印；用途记入审计日志。</p>
            <Input
              aria-label="导出用途"
              placeholder={`写明用途，至少 ${PURPOSE_LEAST} 个字`}
              maxLength={100}
              value={purpose}
              onChange={(event) => setPurpose(event.target.value)}
              style={{ marginTop: 12 }}
            />
            {formats.length > 1 ? (
              <Radio.Group
                aria-label="文件格式"
                style={{ marginTop: 12 }}
                value={format}
                options={formats.map((value) => ({ value, label: formatLabels[value] }))}
                onChange={(event) => setFormat(event.target.value as ExportFormat)}
              />
            ) : null}
          </>
        ) : null}
        {problem ? <ProblemNotice problem={problem} compact /> : null}
      </Modal>
    </>
  );
}
