import { Button, Checkbox, Input, Modal } from "antd";
import { useState } from "react";
import {
  call,
  Card,
  ConfirmAct,
  DateField,
  DateText,
  May,
  PageHeader,
  ProblemNotice,
  RegionPicker,
  ServerTable,
  StatusTag,
  useRefresh,
  useToast,
  Field,
} from "../../ui/index.ts";
import {
  addRegionAlias,
  listRegionAliases,
  registryPermissions,
  removeRegionAlias,
  type RegionAliasRow,
} from "../contract.ts";
import css from "./EditPersonDrawer.module.css";

/** Other and former names of places, by which ledgers are read. */
export default function RegionAliasesPage() {
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<RegionAliasRow | null>(null);
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <>
      <PageHeader
        title="区划与别名"
        crumbs={[{ label: "管理" }, { label: "区划与别名" }]}
        note="台账里写旧村名、俗称时，按这里识别到现在的区划"
        actions={
          <May permission={registryPermissions.edit}>
            <Button type="primary" onClick={() => setAdding(true)}>
              登记别名
            </Button>
          </May>
        }
      />
      <Card>
        <ServerTable
          name="registry.region-aliases"
          caption="区划别名"
          route={listRegionAliases}
          rowKey={(row) => row.aliasId}
          filters={[
            { kind: "region", name: "region", label: "地区" },
            { kind: "text", name: "text", label: "别名" },
          ]}
          columns={[
            { key: "alias", title: "别名或旧名", width: 180, fixed: true, render: (row) => row.alias },
            { key: "region", title: "现在的区划", render: (row) => row.region.fullName },
            {
              key: "renamed",
              title: "性质",
              width: 110,
              render: (row) =>
                row.renamed ? <StatusTag tone="soon">已更名或撤并</StatusTag> : <StatusTag>另一写法</StatusTag>,
            },
            {
              key: "validFrom",
              title: "启用",
              width: 110,
              render: (row) => <DateText value={row.validFrom} none="一直" />,
            },
            {
              key: "validTo",
              title: "停用",
              width: 110,
              render: (row) => <DateText value={row.validTo} none="在用" />,
            },
            { key: "note", title: "说明", render: (row) => row.note },
            {
              key: "act",
              title: "办理",
              width: 80,
              render: (row) => (
                <May permission={registryPermissions.edit}>
                  <Button
                    type="link"
                    size="small"
                    aria-label={`删除别名 ${row.alias}`}
                    onClick={() => setRemoving(row)}
                  >
                    删除
                  </Button>
                </May>
              ),
            },
          ]}
          empty={{ title: "辖区内没有登记别名", hint: "校验台账时遇到认不出的村名，可在这里登记它现在是哪个村。" }}
        />
      </Card>
      {adding ? <AliasForm onClose={() => setAdding(false)} onSaved={() => void refresh([listRegionAliases])} /> : null}
      {removing ? (
        <ConfirmAct
          open
          title={`删除别名“${removing.alias}”`}
          changes={[{ count: 1, unit: "个", what: `别名不再识别为${removing.region.fullName}` }]}
          undo="已应用的台账不受影响；可重新登记。"
          confirm="删除 1 个别名"
          danger
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await call(removeRegionAlias, { aliasId: removing.aliasId });
            toast.done(`已删除别名“${removing.alias}”。`);
            setRemoving(null);
            await refresh([listRegionAliases]);
          }}
        />
      ) : null}
    </>
  );
}

function AliasForm({ onClose, onSaved }: { onClose: () => void; onSaved: () => void }) {
  const [alias, setAlias] = useState("");
  const [code, setCode] = useState("");
  const [renamed, setRenamed] = useState(false);
  const [validTo, setValidTo] = useState("");
  const [note, setNote] = useState("");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<unknown>(null);
  const toast = useToast();
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const row = await call(addRegionAlias, {
        alias: alias.trim(),
        code,
        renamed,
        validTo: renamed && validTo !== "" ? validTo : null,
        note: note.trim(),
      });
      toast.done(`“${row.alias}”今后识别为${row.region.fullName}。`);
      onSaved();
      onClose();
    } catch (cause) {
      setProblem(cause);
      setBusy(false);
    }
  };
  return (
    <Modal
      open
      title="登记区划别名"
      width={520}
      okText="登记 1 个别名"
      cancelText="取消"
      okButtonProps={{ loading: busy, disabled: alias.trim().length < 2 || code === "" }}
      onOk={() => void save()}
      onCancel={onClose}
    >
      <div className={css["fields"]}>
        <Field label="别名或旧名">
          <Input
            maxLength={60}
            placeholder="台账里的写法，如 竹子寨村"
            value={alias}
            onChange={(event) => setAlias(event.target.value)}
          />
        </Field>
        <Field label="现在的区划">
          <RegionPicker label="现在的区划" width={230} value={code} onChange={setCode} />
        </Field>
        <Field label="说明">
          <Input
            maxLength={200}
            placeholder="如 2016年合并"
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </Field>
        {renamed ? (
          <Field label="旧名停用日期（不知道可不填）">
            <DateField label="旧名停用日期" value={validTo} onChange={setValidTo} />
          </Field>
        ) : null}
      </div>
      <Checkbox checked={renamed} onChange={(event) => setRenamed(event.target.checked)}>
        此地已更名或撤并（旧名停用后再出现，会提示“村名已更名”）
      </Checkbox>
      {problem ? <ProblemNotice problem={problem} compact /> : null}
    </Modal>
  );
}
