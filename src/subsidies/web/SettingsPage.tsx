import { Button, Input, InputNumber, Select } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  DateField,
  DateText,
  Field,
  PageHeader,
  StatusTag,
  call,
  useRefresh,
  useRoute,
  useSession,
  useToast,
  yuan,
  type Column,
} from "../../ui/index.ts";
import type { InputOf } from "../../platform/contract.ts";
import {
  claimStateLabels,
  levelHandLabels,
  levelHands,
  listOfficeSettings,
  MOST_INSTALMENTS,
  setOfficeSetting,
  settingLabels,
  settingValues,
  termStates,
  type Setting,
  type SettingKind,
  type SettingValue,
} from "../contract.ts";
import css from "./subsidies.module.css";

/** 办理设定: terms, levels by amount, days of publicity, limits of idle money; of the place, or of whoever stands above it. */
export default function SettingsPage() {
  const query = useRoute(listOfficeSettings, {});
  return (
    <Answer query={query} lines={10}>
      {({ inForce, history, maySet }) => (
        <>
          <PageHeader
            title="办理设定"
            crumbs={[{ label: "办理设定" }]}
            note="本地没有设定的，按市（州）、省的；都没有的，按程序的样例。改动不影响已经在走的期限和审批"
          />
          <div className={css["stack"]}>
            <Card title="现行" note={`今天起办理的按此执行${maySet ? "" : "；由复核、市州调度、政策岗位修改"}`}>
              <DataTable
                caption="现行设定"
                rows={inForce}
                rowKey={(row) => row.kind}
                density="duty"
                columns={columnsFor(maySet)}
              />
            </Card>
            <Card title="设定记录" note={`${history.length} 次`}>
              <DataTable
                caption="设定记录"
                rows={history}
                rowKey={(row) => row.settingId ?? row.kind}
                density="duty"
                columns={historyColumns}
                empty={<p className={css["empty"]}>还没有人设定过，全部按样例执行。</p>}
              />
            </Card>
          </div>
        </>
      )}
    </Answer>
  );
}

const recoveryTerms = [
  ["notify", "立案后告知"],
  ["reply", "陈述申辩不少于"],
  ["decide", "听取后决定"],
  ["pay", "决定后缴回"],
  ["writeOff", "批核销"],
  ["refund", "退还缴款"],
] as const;

/** What the term of a state is for: after the payment it is for closing the claim. */
const termLabel = (state: (typeof termStates)[number]): string =>
  state === "paid" ? "发放后办结" : claimStateLabels[state];

/** A value in words; each kind has its own. */
function wordsOf({ kind, value }: Setting): string {
  switch (kind) {
    case "terms": {
      const terms = value as SettingValue<"terms">;
      return termStates.map((state) => `${termLabel(state)} ${terms[state]}`).join("、") + "（工作日）";
    }
    case "levels": {
      const levels = value as SettingValue<"levels">;
      return levels.length === 0
        ? "复核即可，不再分级"
        : levels.map(({ fromFen, by }) => `${yuan(fromFen)} 元起：${levelHandLabels[by]}`).join("；");
    }
    case "publicity":
    case "answer":
      return `${(value as SettingValue<"publicity">).workdays} 个工作日`;
    case "idle": {
      const { days, behind } = value as SettingValue<"idle">;
      return `${days} 天没有占用或支出为闲置；支出进度落后时间进度 ${behind} 个百分点为慢`;
    }
    case "recovery": {
      const terms = value as SettingValue<"recovery">;
      return `${recoveryTerms.map(([key, label]) => `${label} ${terms[key]}`).join("、")}（工作日）；分期最多 ${terms.instalments} 期`;
    }
  }
}

const kindColumn: Column<Setting> = {
  key: "kind",
  title: "事项",
  width: 160,
  fixed: true,
  render: ({ kind }) => settingLabels[kind],
};
const valueColumn: Column<Setting> = { key: "value", title: "设定", render: wordsOf };
const documentColumn: Column<Setting> = {
  key: "document",
  title: "依据",
  width: 230,
  render: (row) =>
    row.place ? (
      <>
        {row.document}
        <span className={css["sub"]}>
          {row.place.name}　<DateText value={row.validFrom} /> 起
        </span>
      </>
    ) : (
      <StatusTag tone="outline">样例，非真实规定</StatusTag>
    ),
};

const columnsFor = (maySet: boolean): readonly Column<Setting>[] => [
  kindColumn,
  valueColumn,
  documentColumn,
  ...(maySet
    ? [
        {
          key: "act",
          title: "修改",
          width: 84,
          render: (row: Setting) => <SetButton setting={row} />,
        },
      ]
    : []),
];

const historyColumns: readonly Column<Setting>[] = [
  kindColumn,
  valueColumn,
  documentColumn,
  { key: "by", title: "设定人", width: 110, render: (row) => row.setByName ?? "" },
];

function SetButton({ setting }: { setting: Setting }) {
  const { businessDate } = useSession();
  const [open, setOpen] = useState(false);
  const [value, setValue] = useState(setting.value);
  const [validFrom, setValidFrom] = useState(businessDate);
  const [document, setDocument] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const label = settingLabels[setting.kind];
  const valid = settingValues[setting.kind].safeParse(value).success;
  return (
    <>
      <Button size="small" aria-label={`修改${label}`} onClick={() => setOpen(true)}>
        修改
      </Button>
      <ConfirmAct
        open={open}
        title={`修改：${label}`}
        changes={[{ count: 1, unit: "项", what: `${validFrom} 起办理的按新的设定` }]}
        undo="可以再改；在走的期限、已报批的件不变。每次修改都记入审计日志。"
        confirm="修改"
        lacks={[
          !valid && "合理的数（各级起点金额须逐级增加）",
          document.trim().length < 2 && "依据的文件",
          validFrom < businessDate && "今天或以后的起始日期",
        ]}
        onClose={() => setOpen(false)}
        onConfirm={async () => {
          await call(setOfficeSetting, {
            setting: { kind: setting.kind, value } as InputOf<typeof setOfficeSetting>["setting"],
            validFrom,
            document: document.trim(),
          });
          toast.done(`已修改“${label}”。`);
          await refresh();
        }}
      >
        <ValueFields kind={setting.kind} value={value} onChange={setValue} />
        <Input
          className={css["field"] ?? ""}
          aria-label="依据的文件"
          placeholder="依据的文件名称或文号"
          maxLength={120}
          value={document}
          onChange={(event) => setDocument(event.target.value)}
        />
        <div className={css["pair"]}>
          <Field label="起始日期">
            <DateField label="起始日期" value={validFrom} min={businessDate} onChange={setValidFrom} />
          </Field>
        </div>
      </ConfirmAct>
    </>
  );
}

function ValueFields({
  kind,
  value,
  onChange,
}: {
  kind: SettingKind;
  value: Setting["value"];
  onChange: (value: Setting["value"]) => void;
}) {
  switch (kind) {
    case "terms": {
      const terms = value as SettingValue<"terms">;
      return (
        <div className={css["pair"]}>
          {termStates.map((state) => (
            <Field key={state} label={termLabel(state)}>
              <Days
                label={termLabel(state)}
                value={terms[state]}
                onChange={(days) => onChange({ ...terms, [state]: days })}
              />
            </Field>
          ))}
        </div>
      );
    }
    case "levels":
      return <LevelFields levels={value as SettingValue<"levels">} onChange={onChange} />;
    case "publicity":
    case "answer":
      return (
        <Days
          label={settingLabels[kind]}
          value={(value as SettingValue<"publicity">).workdays}
          onChange={(workdays) => onChange({ workdays })}
        />
      );
    case "recovery": {
      const terms = value as SettingValue<"recovery">;
      return (
        <div className={css["pair"]}>
          {recoveryTerms.map(([key, label]) => (
            <Field key={key} label={label}>
              <Days
                label={label}
                min={key === "reply" ? 3 : 1}
                max={key === "reply" ? 60 : 120}
                value={terms[key]}
                onChange={(days) => onChange({ ...terms, [key]: days })}
              />
            </Field>
          ))}
          <Field label="分期最多">
            <InputNumber
              aria-label="分期最多（期）"
              addonAfter="期"
              min={2}
              max={MOST_INSTALMENTS}
              value={terms.instalments}
              onChange={(instalments) => onChange({ ...terms, instalments: instalments ?? terms.instalments })}
            />
          </Field>
        </div>
      );
    }
    case "idle": {
      const idle = value as SettingValue<"idle">;
      return (
        <div className={css["pair"]}>
          <Field label="多少天没有占用、支出为闲置">
            <InputNumber
              aria-label="闲置天数"
              addonAfter="天"
              min={10}
              max={730}
              value={idle.days}
              onChange={(days) => onChange({ ...idle, days: days ?? idle.days })}
            />
          </Field>
          <Field label="进度落后多少为慢">
            <InputNumber
              aria-label="落后百分点"
              addonAfter="个百分点"
              min={1}
              max={100}
              value={idle.behind}
              onChange={(behind) => onChange({ ...idle, behind: behind ?? idle.behind })}
            />
          </Field>
        </div>
      );
    }
  }
}

function Days({
  label,
  value,
  min = 1,
  max = 120,
  onChange,
}: {
  label: string;
  value: number;
  min?: number;
  max?: number;
  onChange: (value: number) => void;
}) {
  return (
    <div className={css["field"]}>
      <InputNumber
        aria-label={`${label}（工作日）`}
        addonAfter="个工作日"
        min={min}
        max={max}
        style={{ width: "100%" }}
        value={value}
        onChange={(days) => onChange(days ?? value)}
      />
    </div>
  );
}

type Levels = SettingValue<"levels">;

function LevelFields({ levels, onChange }: { levels: Levels; onChange: (levels: Levels) => void }) {
  const change = (at: number, one: Partial<Levels[number]>) =>
    onChange(levels.map((level, index) => (index === at ? { ...level, ...one } : level)));
  return (
    <>
      {levels.map((level, at) => (
        <div className={css["pair"]} key={at}>
          <InputNumber
            aria-label={`第 ${at + 1} 级起点金额（元）`}
            addonAfter="元起"
            min={0.01}
            precision={2}
            value={level.fromFen / 100}
            onChange={(value) => change(at, { fromFen: Math.round((value ?? 0) * 100) })}
          />
          <span className={css["acts"]}>
            <Select
              aria-label={`第 ${at + 1} 级由谁审批`}
              value={level.by}
              onChange={(by) => change(at, { by })}
              options={levelHands.map((by) => ({ value: by, label: levelHandLabels[by] }))}
            />
            <Button
              aria-label={`删去第 ${at + 1} 级`}
              onClick={() => onChange(levels.filter((_, index) => index !== at))}
            >
              删去
            </Button>
          </span>
        </div>
      ))}
      <Button
        className={css["field"] ?? ""}
        disabled={levels.length >= 4}
        onClick={() => onChange([...levels, { fromFen: (levels.at(-1)?.fromFen ?? 2_500_000) * 2, by: "city" }])}
      >
        加一级
      </Button>
    </>
  );
}
