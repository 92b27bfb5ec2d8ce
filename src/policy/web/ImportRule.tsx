import { Input, Modal } from "antd";
import { useState } from "react";
import { UploadBox, useGo, useToast, Field } from "../../ui/index.ts";
import { importRule } from "../contract.ts";
import css from "./layout.module.css";

const LIMIT_BYTES = 200 * 1024;

/** A rule's YAML from elsewhere becomes a draft here; whoever sends it says where in the rulebook it stands. */
export function ImportRule({ onClose }: { onClose: () => void }) {
  const [path, setPath] = useState("");
  const go = useGo();
  const toast = useToast();
  return (
    <Modal open title="导入规则文件" width={560} footer={null} onCancel={onClose}>
      <div className={css["stack"]}>
        <Field
          label="在规则库中的位置"
          hint="policies/measures/编号/六位区划.yaml；位置上已有规则时，导入的成为它的新版本草稿，并沿用它的示例。"
        >
          <Input
            value={path}
            maxLength={120}
            placeholder="policies/measures/export-introduction/430000.yaml"
            onChange={(event) => setPath(event.target.value.trim())}
          />
        </Field>
        <UploadBox
          route={importRule}
          input={path === "" ? null : { path }}
          incomplete="请先填写位置"
          accept=".yaml,.yml"
          noun="规则文件"
          limitBytes={LIMIT_BYTES}
          hint="从本系统导出的 YAML 规则文件"
          onDone={({ versionId }) => {
            toast.done("已导入为草稿，请核对错误和示例后再提交发布。");
            go(`/rules/${versionId}/edit`);
          }}
        />
      </div>
    </Modal>
  );
}
