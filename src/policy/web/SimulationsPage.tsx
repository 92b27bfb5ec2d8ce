import { Button, Select } from "antd";
import { useState } from "react";
import {
  Card,
  DateField,
  DateText,
  MomentText,
  PageHeader,
  ProblemNotice,
  RegionPicker,
  ServerTable,
  StatusTag,
  useAct,
  useAddress,
  useGo,
  useRoute,
  useSession,
  Field,
} from "../../ui/index.ts";
import {
  getRule,
  listRules,
  listSimulations,
  simulateRule,
  versionStateLabels,
  type VersionSummary,
} from "../contract.ts";
import { windowWords } from "./words.ts";
import css from "./layout.module.css";

/** 测算: any version over the registry at any date, beside another; nothing is written. */
export default function SimulationsPage() {
  return (
    <>
      <PageHeader title="测算" crumbs={[{ label: "规则与调度" }, { label: "测算" }]} note="在登记库上试算，只算不写" />
      <div className={css["stack"]}>
        <StartForm />
        <Card title="测算记录">
          <ServerTable
            name="policy.simulations"
            caption="测算记录"
            route={listSimulations}
            rowKey={(row) => row.simulationId}
            rowPath={(row) => `/simulations/${row.simulationId}`}
            columns={[
              { key: "title", title: "规则", fixed: true, render: (row) => row.title },
              {
                key: "version",
                title: "版本",
                width: 150,
                render: (row) => `版本 ${row.versionId}（${versionStateLabels[row.version.state]}）`,
              },
              {
                key: "beside",
                title: "对照",
                width: 100,
                render: (row) => (row.beside ? `版本 ${row.beside.versionId}` : "—"),
              },
              { key: "region", title: "范围", width: 120, render: (row) => row.regionName },
              { key: "asOf", title: "观察日", width: 100, render: (row) => <DateText value={row.asOf} /> },
              {
                key: "asked",
                title: "测算人",
                width: 190,
                render: (row) => (
                  <>
                    {row.askedByName} <MomentText value={row.askedAt} />
                  </>
                ),
              },
              {
                key: "state",
                title: "状态",
                width: 84,
                render: (row) => (
                  <StatusTag tone={row.finished ? "done" : "soon"}>{row.finished ? "已完成" : "测算中"}</StatusTag>
                ),
              },
            ]}
            empty={{ title: "还没有测算过", hint: "在上面选一项规则开始；草稿和过去的版本都可以。" }}
          />
        </Card>
      </div>
    </>
  );
}

const nameOf = (version: VersionSummary): string =>
  `${version.title}（${version.regionName}，${versionStateLabels[version.state]}）`;

function StartForm() {
  const [{ version }, setAddress] = useAddress({ version: "" });
  const { businessDate } = useSession();
  const [beside, setBeside] = useState("");
  const [region, setRegion] = useState("");
  const [asOf, setAsOf] = useState("");
  const go = useGo();
  const [words, setWords] = useState("");
  // The server looks through them: a province may have thousands.
  const rules = useRoute(listRules, { kind: "measure", size: 100, ...(words ? { words } : {}) }, { keep: true });
  const chosen = useRoute(getRule, { versionId: version }, { enabled: version !== "" });
  const start = useAct(simulateRule, {
    refreshes: [listSimulations],
    onDone: ({ simulationId }) => go(`/simulations/${simulationId}`),
  });
  const offered = [
    ...(rules.data?.waiting ?? []).filter(({ kind, title }) => kind === "measure" && title.includes(words)),
    ...(rules.data?.rows ?? []),
  ];
  const known = offered.some(({ versionId }) => versionId === version) || !chosen.data;
  const options = [...offered, ...(known || !chosen.data ? [] : [chosen.data])];
  const others = (chosen.data?.versions ?? []).filter(
    ({ versionId, state }) => versionId !== version && state !== "withdrawn",
  );
  return (
    <Card title="开始测算" padded>
      <div className={css["fields"]}>
        <Field label="规则">
          <Select
            aria-label="规则"
            showSearch={{ filterOption: false, onSearch: setWords }}
            placeholder="选择或查找规则"
            loading={rules.isPending}
            value={version === "" ? null : version}
            options={options.map((one) => ({ value: one.versionId, label: nameOf(one) }))}
            onChange={(value: string) => {
              setBeside("");
              setAddress({ version: value });
            }}
          />
        </Field>
        <Field label="对照版本">
          <Select
            aria-label="对照版本"
            disabled={version === ""}
            value={beside}
            options={[
              { value: "", label: others.length === 0 ? "没有其他版本" : "不对照" },
              ...others.map((one) => ({
                value: one.versionId,
                label: `版本 ${one.versionId}（${versionStateLabels[one.state]}，${windowWords(one.inForceFrom, one.inForceTo)}）`,
              })),
            ]}
            onChange={setBeside}
          />
        </Field>
        <Field label="范围">
          <RegionPicker label="范围" value={region} onChange={setRegion} width={220} />
        </Field>
        <Field label="观察日">
          <DateField label="观察日" value={asOf} onChange={setAsOf} />
          <span className="caption">不填即规则所属地的业务日期（现为 {businessDate}）</span>
        </Field>
      </div>
      {start.error ? <ProblemNotice problem={start.error} compact /> : null}
      <p className={css["buttons"]}>
        <Button
          type="primary"
          loading={start.isPending}
          disabled={version === ""}
          onClick={() =>
            start.mutate({
              versionId: version,
              ...(beside ? { beside } : {}),
              ...(region ? { region } : {}),
              ...(asOf ? { asOf } : {}),
            })
          }
        >
          开始测算
        </Button>
        <span className="caption">不改动登记库和任何规则；大范围可能要等一会儿，可以离开。</span>
      </p>
    </Card>
  );
}
