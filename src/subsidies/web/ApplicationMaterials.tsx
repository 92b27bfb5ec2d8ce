import { Button, Select } from "antd";
import { useState } from "react";
import {
  Card,
  DownloadButton,
  EmptyState,
  Field,
  MomentText,
  ProblemNotice,
  StatusTag,
  UploadBox,
  download,
  fileSize,
  useAct,
  useRefresh,
} from "../../ui/index.ts";
import { attachFile, getApplication, removeFile, takeFile, type ApplicationView } from "../contract.ts";
import css from "./subsidies.module.css";

const LIMIT_BYTES = 10 * 1024 * 1024;

/** Documents of an application: what has to be brought, what was, and what nobody asks for. */
export function Materials({ view }: { view: ApplicationView }) {
  const remove = useAct(removeFile, { refreshes: [getApplication] });
  const named = new Set(view.materials.map(({ name }) => name));
  const others = view.files.filter(({ material }) => !named.has(material));
  const filesOf = (material: string) => view.files.filter((file) => file.material === material);
  // Afterwards only what was handed in is of interest, and what needed not be.
  const wanted = view.materials.filter(
    ({ name, certifiedBy }) => view.mayWrite || certifiedBy !== null || filesOf(name).length > 0,
  );
  const shown = (file: ApplicationView["files"][number]) => (
    <p key={file.fileId} className={css["claimed"]}>
      <DownloadButton
        size="small"
        start={() => download(takeFile, { applicationId: view.applicationId, fileId: file.fileId })}
      >
        {file.name}
      </DownloadButton>{" "}
      <span className="caption">
        {fileSize(file.bytes)}，<MomentText value={file.addedAt} />
        ，摘要 {file.sha256.slice(0, 12)}
      </span>
      {view.mayWrite ? (
        <Button
          type="link"
          size="small"
          onClick={() => remove.mutate({ applicationId: view.applicationId, fileId: file.fileId })}
        >
          删除
        </Button>
      ) : null}
    </p>
  );
  return (
    <Card title="材料" note={view.files.length > 0 ? `${view.files.length} 份，加密保存` : undefined} padded>
      {remove.error ? <ProblemNotice problem={remove.error} compact /> : null}
      {wanted.map((one) => (
        <div key={one.name} className={css["material"]}>
          <b>{one.name}</b>
          {one.certifiedBy ? (
            <StatusTag tone="done">免交，由{one.certifiedBy}核对</StatusTag>
          ) : one.optional ? (
            <StatusTag tone="outline">有就附</StatusTag>
          ) : filesOf(one.name).length > 0 ? (
            <StatusTag tone="done">已附</StatusTag>
          ) : (
            <StatusTag tone="soon">必须附</StatusTag>
          )}
          {filesOf(one.name).map(shown)}
        </div>
      ))}
      {others.length > 0 ? (
        <div className={css["material"]}>
          <b>其他材料</b>
          {others.map(shown)}
        </div>
      ) : null}
      {view.mayWrite ? <AttachBox key={view.files.length} view={view} /> : null}
      {!view.mayWrite && view.files.length === 0 && wanted.length === 0 ? (
        <EmptyState title="没有附材料" hint="要用的由部门登记，不要求提供。" />
      ) : null}
    </Card>
  );
}

const OTHER = "其他材料";

/** One box for all: what has to be brought is chosen beforehand, one after the other. */
function AttachBox({ view }: { view: ApplicationView }) {
  const refresh = useRefresh();
  const has = (name: string) => view.files.some(({ material }) => material === name);
  const asked = view.materials.filter(({ certifiedBy }) => certifiedBy === null).map(({ name }) => name);
  const [material, setMaterial] = useState(
    view.materials.find(({ name, certifiedBy, optional }) => certifiedBy === null && !optional && !has(name))?.name ??
      asked.find((name) => !has(name)) ??
      OTHER,
  );
  return (
    <div className={css["attach"]}>
      <Field label="上传哪一份">
        <Select
          aria-label="上传哪一份"
          value={material}
          onChange={setMaterial}
          options={[...asked, OTHER].map((value) => ({ value, label: value }))}
        />
      </Field>
      <UploadBox
        route={attachFile}
        input={{ applicationId: view.applicationId, material }}
        accept=".jpg,.jpeg,.png,.pdf,.docx,.xlsx"
        hint="照片、PDF、Word、Excel，每份 10 MB 以内"
        noun={`“${material}”`}
        limitBytes={LIMIT_BYTES}
        onDone={() => void refresh([getApplication])}
      />
    </div>
  );
}
