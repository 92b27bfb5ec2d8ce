import { Button, Input } from "antd";
import { lazy, Suspense, useId, useState } from "react";
import { Card, EmptyState, Icon, Loading, StatusTag, type Tone } from "../../ui/index.ts";
import type { RuleProblemRow } from "../contract.ts";
import {
  addCondition,
  moveCondition,
  readConditions,
  removeCondition,
  setField,
  type ConditionDraft,
  type Field,
} from "./conditions-draft.ts";
import { Feel } from "./Feel.tsx";
import type { Vocabulary } from "./feel-completion.ts";
import type { Checked } from "./use-draft.ts";
import { textAddress } from "./words.ts";
import css from "./ConditionsForm.module.css";

const ExpressionField = lazy(() => import("./ExpressionField.tsx"));

interface ConditionsFormProps {
  source: string;
  onChange: (source: string) => void;
  /** Mistakes in this very text. */
  problems: readonly RuleProblemRow[];
  vocabulary: Vocabulary | undefined;
  checked: Checked | null;
  /** Somebody was chosen: what each condition says of him is shown beside it. */
  trying: boolean;
  onYaml: () => void;
}

/** The conditions one by one, beside the YAML that they stand in: both are views of one text. */
export default function ConditionsForm(props: ConditionsFormProps) {
  const { source, onChange, problems, checked, trying, onYaml } = props;
  const [open, setOpen] = useState<number | null>(null);
  const found = readConditions(source);
  if (!found.ok)
    return (
      <EmptyState
        title={`${found.why}，改好后才能逐条编辑`}
        hint="改动都还在，请到“规则”页改正。"
        action={<Button onClick={onYaml}>去改 YAML</Button>}
      />
    );
  const { conditions } = found;
  const add = (timed: boolean) => {
    onChange(addCondition(source, timed));
    setOpen(conditions.length);
  };
  return (
    <div className={css["list"]}>
      <ol>
        {conditions.map((condition) => (
          <Item
            key={condition.index}
            {...props}
            condition={condition}
            last={condition.index === conditions.length - 1}
            open={open === condition.index}
            onOpen={(wanted) => setOpen(wanted ? condition.index : null)}
            problems={problems.filter((one) => standsIn(offsetOf(source, one), condition.lines))}
            tried={trying && checked ? triedOf(checked, condition.values.id) : []}
            onMove={(to) => {
              onChange(moveCondition(source, condition.index, to));
              setOpen(open === condition.index ? to : null);
            }}
            onRemove={() => {
              onChange(removeCondition(source, condition.index));
              setOpen(null);
            }}
          />
        ))}
      </ol>
      {conditions.length === 0 ? <EmptyState title="还没有条件" hint="没有条件的规则对所有记录都符合。" /> : null}
      <p className={css["add"]}>
        <Button icon={<Icon name="plus" />} onClick={() => add(false)}>
          添加条件
        </Button>
        <Button icon={<Icon name="clock" />} onClick={() => add(true)}>
          添加时间条件
        </Button>
        <span className="caption">须全部满足；顺序只影响显示。改动即时写进 YAML，注释保留。</span>
      </p>
    </div>
  );
}

interface Tried {
  readonly state: string;
  readonly facts: string;
}

/** What the rows of the chosen person say of one condition. */
const triedOf = ({ rows }: Checked, id: string | undefined): readonly Tried[] =>
  rows.flatMap(({ explanation }) =>
    explanation.conditions
      .filter((condition) => condition.id === id)
      .map(({ state, facts }) => ({
        state,
        facts: facts.map(({ label, value }) => `${label}：${value ?? "不详"}`).join("；"),
      })),
  );

const states: Readonly<Record<string, readonly [words: string, tone: Tone]>> = {
  met: ["满足", "done"],
  failed: ["不满足", "late"],
  "not-yet": ["未到期", "soon"],
  unknown: ["待核实", "soon"],
  review: ["人工研判", "soon"],
  "parameter-missing": ["标准未定", "soon"],
};

/** Lines and columns from 1. */
function offsetOf(source: string, { line, column }: RuleProblemRow): number {
  let at = 0;
  for (let left = line; left > 1; left--) {
    const next = source.indexOf("\n", at);
    if (next < 0) break;
    at = next + 1;
  }
  return at + column - 1;
}

const standsIn = (at: number, { from, to }: { readonly from: number; readonly to: number }) => at >= from && at < to;

const LABELS: Readonly<Record<Field, string>> = {
  id: "编号",
  says: "条件（给人看的话）",
  feel: "规则式",
  from: "从哪一天起满足",
  until: "在哪一天之前没有失去",
  when: "只在此时要求（可空）",
  "when-fund": "只对这些资金要求（可空，顿号分开）",
  "basis.text": "依据文件编号（可空，同规则）",
  "basis.article": "条文（可空）",
  "basis.quote": "原文，逐字引用（可空）",
};

interface ItemProps extends ConditionsFormProps {
  condition: ConditionDraft;
  last: boolean;
  open: boolean;
  onOpen: (open: boolean) => void;
  tried: readonly Tried[];
  onMove: (to: number) => void;
  onRemove: () => void;
}

function Item(props: ItemProps) {
  const { condition, last, open, onOpen, problems, tried, onMove, onRemove } = props;
  const { index, values, timed, others } = condition;
  const name = values.says || values.id || `第 ${index + 1} 条`;
  const shown = [values.feel, values.from && `满足之日 ${values.from}`, values.until && `失去之日 ${values.until}`];
  return (
    <li className={css["item"]}>
      <div className={css["head"]}>
        <span className={css["number"]}>{index + 1}</span>
        <b>{values.says || <span className="caption">（还没有写条件）</span>}</b>
        <span className={css["tags"]}>
          {timed ? <StatusTag tone="outline">时间</StatusTag> : null}
          {problems.length > 0 ? <StatusTag tone="late">{`${problems.length} 处错误`}</StatusTag> : null}
          {tried.map(({ state }, at) => {
            const [words, tone] = states[state] ?? ["待核实", "soon"];
            return (
              <StatusTag key={at} tone={tone}>
                {words}
              </StatusTag>
            );
          })}
        </span>
        <span className={css["acts"]}>
          <Button
            size="small"
            aria-expanded={open}
            aria-label={`${open ? "收起" : "编辑"}：${name}`}
            onClick={() => onOpen(!open)}
          >
            {open ? "收起" : "编辑"}
          </Button>
          <Button size="small" disabled={index === 0} aria-label={`上移：${name}`} onClick={() => onMove(index - 1)}>
            上移
          </Button>
          <Button size="small" disabled={last} aria-label={`下移：${name}`} onClick={() => onMove(index + 1)}>
            下移
          </Button>
          <Button size="small" danger aria-label={`删除：${name}`} onClick={onRemove}>
            删除
          </Button>
        </span>
      </div>
      {open ? null : (
        <p className={css["feel"]}>
          {shown.filter(Boolean).map((text) => (
            <Feel key={text} text={text!} />
          ))}
        </p>
      )}
      {open ? null : <Problems problems={problems} />}
      {tried.map(({ facts }, at) => (
        <p key={at} className="caption">
          {facts}
        </p>
      ))}
      {open ? (
        <Card>
          <Fields {...props} />
          {others.length > 0 ? (
            <p className={`caption ${css["others"]}`}>另有 {others.join("、")}，在“规则”页的 YAML 里改。</p>
          ) : null}
        </Card>
      ) : null}
    </li>
  );
}

function Fields({ condition, source, onChange, problems, vocabulary }: ItemProps) {
  const { index, values, places, timed } = condition;
  const set = (field: Field) => (value: string) => onChange(setField(source, index, field, value));
  const own = (field: Field) =>
    problems.filter((one) => {
      const place = places[field];
      return place !== undefined && standsIn(offsetOf(source, one), { from: place.from, to: place.to + 1 });
    });
  const shown: readonly Field[] = [
    "says",
    ...(timed ? (["from", "until"] as const) : (["feel"] as const)),
    "basis.quote",
    "basis.article",
    "basis.text",
    "when-fund",
    "when",
    "id",
  ];
  const elsewhere = problems.filter((one) => shown.every((field) => !own(field).includes(one)));
  return (
    <div className={css["fields"]}>
      {shown.map((field) =>
        field === "feel" || field === "from" || field === "until" || field === "when" ? (
          <Expression
            key={field}
            label={LABELS[field]}
            value={values[field] ?? ""}
            onChange={set(field)}
            problems={own(field)}
            vocabulary={vocabulary}
            around={source}
          />
        ) : (
          <Words
            key={field}
            label={LABELS[field]}
            value={values[field] ?? ""}
            width={field === "basis.quote" ? "long" : field === "says" ? "whole" : "part"}
            onChange={set(field)}
            problems={own(field)}
          />
        ),
      )}
      {values["basis.text"] || values["basis.article"] ? (
        <p className="caption">
          <BasisLink source={source} condition={condition} />
        </p>
      ) : null}
      <Problems problems={elsewhere} />
    </div>
  );
}

/** The article that the condition cites; without a document of its own it is the rule's first. */
function BasisLink({ source, condition }: { source: string; condition: ConditionDraft }) {
  const { values } = condition;
  const text = values["basis.text"] ?? /^basis:\s*\n\s*- text:\s*(\S+)/m.exec(source)?.[1];
  return text ? (
    <a href={textAddress({ text, article: values["basis.article"] ?? null })} target="_blank" rel="noopener">
      看所引条文
    </a>
  ) : null;
}

function Words({
  label,
  value,
  width,
  onChange,
  problems,
}: {
  label: string;
  value: string;
  width: "part" | "whole" | "long";
  onChange: (value: string) => void;
  problems: readonly RuleProblemRow[];
}) {
  const id = useId();
  // What is typed stays as typed while it is typed: the text keeps it without blanks at its ends.
  const [typed, setTyped] = useState(value);
  const shown = typed.trim() === value ? typed : value;
  const given = {
    "aria-label": label,
    "aria-describedby": id,
    "aria-invalid": problems.length > 0,
    maxLength: 2_000,
    value: shown,
  };
  const change = (words: string) => {
    setTyped(words);
    onChange(words);
  };
  return (
    <div className={width === "part" ? "" : css["whole"]}>
      <span className="caption">{label}</span>
      {width === "long" ? (
        <Input.TextArea autoSize={{ minRows: 2 }} {...given} onChange={(event) => change(event.target.value)} />
      ) : (
        <Input {...given} onChange={(event) => change(event.target.value)} />
      )}
      <Problems id={id} problems={problems} />
    </div>
  );
}

function Expression({
  label,
  problems,
  ...rest
}: {
  label: string;
  value: string;
  onChange: (value: string) => void;
  problems: readonly RuleProblemRow[];
  vocabulary: Vocabulary | undefined;
  around: string;
}) {
  const id = useId();
  return (
    <div className={css["whole"]}>
      <span className="caption">{label}</span>
      <Suspense fallback={<Loading lines={1} />}>
        <ExpressionField label={label} describedBy={id} wrong={problems.length > 0} {...rest} />
      </Suspense>
      <Problems id={id} problems={problems} />
    </div>
  );
}

function Problems({ id, problems }: { id?: string; problems: readonly RuleProblemRow[] }) {
  return (
    <div id={id} aria-live="polite">
      {problems.map((one, at) => (
        <p key={at} className={css["problem"]}>
          {one.message}
        </p>
      ))}
    </div>
  );
}
