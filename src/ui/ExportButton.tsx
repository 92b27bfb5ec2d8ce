import { Button, Checkbox, Input, Modal, Radio } from "antd";
import { useState } from "react";
import type { ExportFormat, Route } from "../platform/contract.ts";
import { download, ProblemError } from "./client.ts";
import css from "./ExportButton.module.css";
import { count } from "./format.ts";
import { Icon } from "./Icon.tsx";
import { Link } from "./Link.tsx";
import { useExportDesk } from "./modules.tsx";
import { useMay } from "./session.tsx";
import { ProblemNotice } from "./states.tsx";

export interface ExportButtonProps {
  route: Route & { kind: "download" };
  input: Readonly<Record<string, unknown>>;
  total: number;
  asksPurpose: boolean;
  /** Permission of those who may ask for numbers in full (`unmasked`); absent: the list has none. */
  wholeNumbers?: string;
  /** More than one: asks which, and sends it as `format`. */
  formats?: readonly ExportFormat[];
  /** Default: 导出 and how many. */
  label?: string;
}

const formatLabels: Record<ExportFormat, string> = { xlsx: "Excel 表格（.xlsx）", csv: "文本（.csv）" };

const PURPOSE_LEAST = 4;

/**
 * Exports what the list shows. Where the data need it, asks what for first. A list that a second officer must approve is asked
 * for from here; any other refusal is shown whole, not as a broken file.
 */
export function ExportButton({
  route,
  input,
  total,
  asksPurpose,
  wholeNumbers,
  formats = [],
  label,
}: ExportButtonProps) {
  const desk = useExportDesk();
  const mayWhole = useMay(wholeNumbers ?? "") && wholeNumbers !== undefined;
  const [open, setOpen] = useState(false);
  const [busy, setBusy] = useState(false);
  const [purpose, setPurpose] = useState("");
  const [whole, setWhole] = useState(false);
  const [format, setFormat] = useState(formats[0]);
  const [problem, setProblem] = useState<unknown>(null);
  const [asked, setAsked] = useState<string | null>(null);
  const needsApproval = problem instanceof ProblemError && problem.problem.code === desk?.refusal;
  const asks = desk !== null && (whole || needsApproval);
  const given = {
    ...input,
    ...(asksPurpose ? { purpose: purpose.trim() } : {}),
    ...(whole ? { unmasked: "true" } : {}),
    ...(format ? { format } : {}),
  };
  const run = async (work: () => Promise<void>) => {
    setBusy(true);
    try {
      await work();
    } catch (cause) {
      setProblem(cause);
      setOpen(true);
    } finally {
      setBusy(false);
    }
  };
  const start = () =>
    run(async () => {
      setProblem(null);
      await download(route, given);
      setOpen(false);
    });
  const ask = () => run(async () => setAsked((await desk!.ask(route, given)).number));
  const begin = () => {
    setProblem(null);
    setAsked(null);
    setWhole(false);
    if (asksPurpose) setOpen(true);
    else void start();
  };
  const close = () => setOpen(false);
  const tooShort = asksPurpose && purpose.trim().length < PURPOSE_LEAST;
  const confirm = asks ? "提交导出申请" : asksPurpose ? "记录用途并导出" : "重试";
  return (
    <>
      <Button
        size="small"
        icon={<Icon name="download" />}
        loading={busy && !open}
        disabled={total === 0}
        onClick={begin}
      >
        {label ?? `导出${total > 0 ? ` ${count(total)} 条` : ""}`}
      </Button>
      <Modal
        open={open}
        title={label ?? `导出 ${count(total)} 条`}
        onCancel={close}
        width={460}
        footer={
          asked === null
            ? [
                <Button key="no" onClick={close}>
                  不导了
                </Button>,
                <Button
                  key="yes"
                  type="primary"
                  loading={busy}
                  disabled={tooShort}
                  onClick={() => void (asks ? ask() : start())}
                >
                  {confirm}
                </Button>,
              ]
            : [
                <Button key="done" type="primary" onClick={close}>
                  知道了
                </Button>,
              ]
        }
      >
        {asked !== null ? (
          <output>
            申请已提交，编号 <strong>{asked}</strong>。另一位审批人批准后，可在 <Link to={desk!.path}>导出记录</Link>{" "}
            下载。
          </output>
        ) : (
          <>
            {asksPurpose ? (
              <div className={css["ask"]}>
                <p>导出的表带有您的姓名、时间和编号水印；用途记入审计日志。</p>
                <Input
                  aria-label="导出用途"
                  placeholder={`写明用途，至少 ${PURPOSE_LEAST} 个字`}
                  maxLength={100}
                  value={purpose}
                  onChange={(event) => setPurpose(event.target.value)}
                />
              </div>
            ) : null}
            {formats.length > 1 ? (
              <Radio.Group
                aria-label="文件格式"
                value={format}
                options={formats.map((value) => ({ value, label: formatLabels[value] }))}
                onChange={(event) => setFormat(event.target.value as ExportFormat)}
              />
            ) : null}
            {mayWhole ? (
              <Checkbox
                checked={whole}
                onChange={(event) => {
                  setWhole(event.target.checked);
                  setProblem(null);
                }}
              >
                含完整证件号码、电话和银行账号（须第二人审批）
              </Checkbox>
            ) : null}
            {problem ? <ProblemNotice problem={problem} compact /> : null}
          </>
        )}
      </Modal>
    </>
  );
}
