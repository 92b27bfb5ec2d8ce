import { Button } from "antd";
import { useId, useRef, useState, type DragEvent } from "react";
import type { OutputOf, RequestOf, Route } from "../platform/contract.ts";
import { Bar } from "./Bar.tsx";
import { upload } from "./client.ts";
import { fileSize } from "./format.ts";
import { Icon } from "./Icon.tsx";
import { ProblemNotice } from "./states.tsx";
import css from "./UploadBox.module.css";

export interface UploadBoxProps<R extends Route & { kind: "upload" }> {
  route: R;
  /** The fields sent with the file; null while the form before it is not complete. */
  input: RequestOf<R> | null;
  /** ".xlsx,.xls,.csv" */
  accept: string;
  /** "XLSX、XLS、CSV，2 GB 以内" */
  hint: string;
  limitBytes?: number;
  /** What is to be dropped here: 表格. */
  noun?: string;
  /** What is missing while `input` is null. */
  incomplete?: string;
  onDone: (output: OutputOf<R>, file: File) => void;
}

const GIGABYTE = 1024 ** 3;

/** Drop a file or choose one; it is sent at once, with its progress, and can be stopped. */
export function UploadBox<R extends Route & { kind: "upload" }>({
  route,
  input,
  accept,
  hint,
  limitBytes = 2 * GIGABYTE,
  noun = "表格",
  incomplete,
  onDone,
}: UploadBoxProps<R>) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  const stop = useRef<AbortController | null>(null);
  const [over, setOver] = useState(false);
  const [sending, setSending] = useState<{ file: File; part: number } | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const [problem, setProblem] = useState<unknown>(null);

  const send = (file: File | undefined) => {
    setProblem(null);
    setFault(null);
    if (!file || !input || sending) return;
    const wrong = refusalOf(file, accept, limitBytes);
    if (wrong) return setFault(wrong);
    stop.current = new AbortController();
    setSending({ file, part: 0 });
    upload(route, input, file, { signal: stop.current.signal, onProgress: (part) => setSending({ file, part }) }).then(
      (output) => {
        setSending(null);
        onDone(output, file);
      },
      (cause: unknown) => {
        setSending(null);
        setProblem(cause);
      },
    );
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    send(event.dataTransfer.files[0]);
  };

  return (
    <div>
      <div
        className={`${css["box"]} ${over ? css["over"] : ""} ${input ? "" : css["waiting"]}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(input !== null);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        {sending ? (
          <output className={css["sending"]}>
            <span>
              <b>{sending.file.name}</b> <span className="caption">{fileSize(sending.file.size)}</span>
            </span>
            <Bar part={sending.part} label="上传进度" />
            <span className="caption">
              {sending.part >= 1 ? "已送达，正在保存" : `已传 ${Math.floor(sending.part * 100)}%，可以停下`}
            </span>
            <Button size="small" onClick={() => stop.current?.abort()}>
              停止上传
            </Button>
          </output>
        ) : (
          <>
            <Icon name="upload" size={24} />
            <p>
              把{noun}拖到这里，或
              <Button
                type="link"
                className={css["choose"]}
                disabled={!input}
                onClick={() => field.current?.click()}
                aria-describedby={id}
              >
                选择文件
              </Button>
            </p>
            <p className="caption" id={id}>
              {input ? hint : (incomplete ?? hint)}
            </p>
          </>
        )}
        <input
          ref={field}
          type="file"
          accept={accept}
          hidden
          aria-label="选择文件"
          onChange={(event) => {
            send(event.target.files?.[0]);
            event.target.value = "";
          }}
        />
      </div>
      {fault ? (
        <p role="alert" className={css["fault"]}>
          {fault}
        </p>
      ) : null}
      {problem ? <ProblemNotice problem={problem} compact /> : null}
    </div>
  );
}

function refusalOf(file: File, accept: string, limit: number): string | null {
  const ending = /\.[^.]+$/.exec(file.name.toLowerCase())?.[0] ?? "";
  if (!accept.split(",").includes(ending))
    return `“${file.name}”不是可接收的格式，请选择 ${accept.replaceAll(",", "、")} 文件。`;
  if (file.size === 0) return `“${file.name}”是空文件，请核对后重新选择。`;
  if (file.size > limit) return `“${file.name}”有 ${fileSize(file.size)}，超过 ${fileSize(limit)} 的上限。`;
  return null;
}
