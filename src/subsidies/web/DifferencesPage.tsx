import { Button, Input } from "antd";
import { useState } from "react";
import {
  Card,
  call,
  ConfirmAct,
  DateText,
  FigureStrip,
  Link,
  May,
  MoneyText,
  PageHeader,
  ServerTable,
  StatusTag,
  TaskProgress,
  useAct,
  useAddress,
  useMay,
  useRefresh,
  useRoute,
  useToast,
  yuan,
  type Column,
} from "../../ui/index.ts";
import {
  claimStateLabels,
  countDifferences,
  differenceCauseLabels,
  differenceCauses,
  differenceKindLabels,
  differenceKinds,
  differenceStateLabels,
  differenceStates,
  dismissDifferences,
  exportDifferencesOfClaims,
  getSubsidyTask,
  listDifferences,
  recalculateClaims,
  reExamineDifferences,
  subsidiesPermissions,
  takeUpDifferences,
  type Difference,
} from "../contract.ts";
import { differenceTones, kindTones } from "./words.ts";
import css from "./subsidies.module.css";

/** 重算差异: what was decided and comes to something else by the rule of its day and on what is known today. */
export default function DifferencesPage() {
  const [{ region }] = useAddress({ region: "" });
  const counts = useRoute(countDifferences, region ? { region } : {}, { keep: true });
  const [selected, setSelected] = useState<ReadonlyMap<string, Difference>>(new Map());
  const again = useAct(recalculateClaims, { refreshes: [] });
  const refresh = useRefresh();
  const mayExport = useMay(subsidiesPermissions.export);
  const last = counts.data?.last;
  return (
    <>
      <PageHeader
        title="重算差异"
        crumbs={[{ label: "重算差异" }]}
        note="每晚和规则、标准发布后，把已审定的补贴按事发当时的规则和今天掌握的事实再算一遍；原审定不改动"
        tags={
          last ? (
            <span className="caption">
              上次重算 <DateText value={last.on} />，{last.items.toLocaleString("zh-CN")} 项
            </span>
          ) : null
        }
        actions={
          <May permission={subsidiesPermissions.handle}>
            <Button loading={again.isPending} disabled={again.data !== undefined} onClick={() => again.mutate({})}>
              马上重算
            </Button>
          </May>
        }
      />
      <div className={css["stack"]}>
        {again.data ? (
          <Card>
            <TaskProgress
              taskId={again.data.taskId}
              route={getSubsidyTask}
              onEnd={() => {
                again.reset();
                void refresh([countDifferences, listDifferences]);
              }}
            />
          </Card>
        ) : null}
        {counts.data ? (
          <Card>
            <FigureStrip
              label="待处理的差异"
              figures={counts.data.kinds.map((one) => ({
                key: one.kind,
                label: differenceKindLabels[one.kind],
                value: one.differences,
                unit: "项",
                note: (
                  <>
                    {one.claims} 件，
                    <MoneyText fen={one.amountFen} />
                  </>
                ),
                tone:
                  one.differences === 0
                    ? ("plain" as const)
                    : one.kind === "over"
                      ? ("late" as const)
                      : ("soon" as const),
                path: `/differences?kind=${one.kind}`,
              }))}
            />
          </Card>
        ) : null}
        <Card>
          <ServerTable
            name="subsidies.differences"
            caption="重算差异"
            route={listDifferences}
            filters={[
              {
                kind: "choice",
                name: "kind",
                label: "差异",
                options: differenceKinds.map((value) => ({ value, label: differenceKindLabels[value] })),
              },
              {
                kind: "choice",
                name: "cause",
                label: "原因",
                options: differenceCauses.map((value) => ({ value, label: differenceCauseLabels[value] })),
              },
              {
                kind: "choice",
                name: "rule",
                label: "项目",
                width: 200,
                options: (counts.data?.rules ?? []).map((one) => ({
                  value: one.rule,
                  label: `${one.title} ${one.differences}`,
                })),
              },
              { kind: "region", name: "region", label: "地区" },
              { kind: "text", name: "search", label: "收款人或补贴件编号" },
              {
                kind: "choice",
                name: "state",
                label: "状态",
                options: differenceStates.map((value) => ({ value, label: differenceStateLabels[value] })),
              },
            ]}
            rowKey={(row) => row.differenceId}
            density="duty"
            {...(mayExport ? { exportRoute: exportDifferencesOfClaims, exportWith: { purpose: true } } : {})}
            selection={{
              selected,
              onChange: setSelected,
              label: (row: Difference) => `选择${row.payeeName}的${row.title}`,
            }}
            toolbar={<Acts chosen={[...selected.values()]} onDone={() => setSelected(new Map())} />}
            columns={columns}
            empty={{ title: "没有待处理的差异", hint: "已审定的补贴与今天的事实和规则一致。" }}
          />
        </Card>
      </div>
    </>
  );
}

const columns: readonly Column<Difference>[] = [
  {
    key: "payee",
    title: "收款人",
    width: 180,
    fixed: true,
    render: (row) => (
      <>
        <Link to={`/claims/${row.claimId}`}>{row.payeeName}</Link>
        <span className={css["sub"]}>{row.title}</span>
      </>
    ),
  },
  {
    key: "item",
    title: "哪一项",
    width: 116,
    render: (row) => (
      <>
        <DateText value={row.eventDate} />
        {row.personName !== null && row.personName !== row.payeeName ? (
          <span className={css["sub"]}>{row.personName}</span>
        ) : null}
      </>
    ),
  },
  {
    key: "amount",
    title: "审定 → 重算（元）",
    width: 150,
    align: "right",
    render: (row) => (
      <>
        {yuan(row.wasFen)} → {row.nowFen === null ? "算不出" : yuan(row.nowFen)}
        {row.nowFen === null ? null : (
          <span className={css["sub"]}>
            {row.nowFen > row.wasFen ? "少发" : "多发"} {yuan(Math.abs(row.nowFen - row.wasFen))}
          </span>
        )}
      </>
    ),
  },
  {
    key: "kind",
    title: "差异",
    width: 90,
    render: (row) => <StatusTag tone={kindTones[row.kind]}>{differenceKindLabels[row.kind]}</StatusTag>,
  },
  {
    key: "why",
    title: "原因",
    render: (row) => (
      <>
        {row.causes.map((cause) => differenceCauseLabels[cause]).join("、")}
        {row.failed.length > 0 ? <span className={css["sub"]}>不再符合：{row.failed.join("、")}</span> : null}
        {row.changed.slice(0, 3).map(({ label, before, after }) => (
          <span key={label} className={css["sub"]}>
            {label}：{before ?? "没有填写"} → {after ?? "没有填写"}
          </span>
        ))}
      </>
    ),
  },
  {
    key: "state",
    title: "状态",
    width: 130,
    render: (row) => (
      <>
        <StatusTag tone={differenceTones[row.state]}>{differenceStateLabels[row.state]}</StatusTag>
        <span className={css["sub"]}>
          {row.arrearsClaimId ? (
            <Link to={`/claims/${row.arrearsClaimId}`}>补发件</Link>
          ) : row.recoveryId ? (
            <Link to={`/recoveries/${row.recoveryId}`}>追回件</Link>
          ) : (
            (row.reason ?? `补贴件${claimStateLabels[row.claimState]}`)
          )}
        </span>
      </>
    ),
  },
];

const PAID = new Set<string>(["paid", "closed"]);

function Acts({ chosen, onDone }: { readonly chosen: readonly Difference[]; readonly onDone: () => void }) {
  const [act, setAct] = useState<"takeUp" | "reExamine" | "dismiss" | null>(null);
  const [note, setNote] = useState("");
  const mayHandle = useMay(subsidiesPermissions.handle);
  const mayApprove = useMay(subsidiesPermissions.approve);
  const toast = useToast();
  const refresh = useRefresh();
  const open = chosen.filter(({ state }) => state === "open");
  if (open.length === 0) return null;
  const paid = open.filter(({ claimState, nowFen }) => PAID.has(claimState) && nowFen !== null);
  const unpaid = open.filter(({ claimState }) => !PAID.has(claimState));
  const short = paid.filter(({ kind }) => kind === "short");
  const over = paid.filter(({ kind }) => kind === "over");
  const sum = (rows: readonly Difference[]) =>
    rows.reduce((total, { wasFen, nowFen }) => total + Math.abs(wasFen - (nowFen ?? 0)), 0);
  const leftWords = (left: readonly { readonly why: string }[]) =>
    left.length > 0 ? `${left.length} 项没有办：${left[0]!.why}。` : "";
  const ids = (rows: readonly Difference[]) => rows.map(({ differenceId }) => differenceId);
  const said = note.trim();
  const acts = {
    takeUp: {
      title: "处理差异",
      changes: [
        { count: short.length, unit: "项", what: `少发 ${yuan(sum(short))} 元，立补发件，重新审核、发放` },
        {
          count: over.length,
          unit: "项",
          what: `多发 ${yuan(sum(over))} 元，立追回件，先告知再决定`,
          tone: "late" as const,
        },
      ],
      undo: "补发件办结前可以撤销；追回件没有缴回前可以撤销。",
      confirm: `处理 ${paid.length} 项`,
      asks: "说明（可不填）",
      run: async () => {
        const { arrears, recoveries, left } = await call(takeUpDifferences, { differenceIds: ids(paid), note: said });
        return `立补发件 ${arrears.length} 件、追回件 ${recoveries.length} 件。${leftWords(left)}`;
      },
    },
    reExamine: {
      title: "退回重审",
      changes: [{ count: unpaid.length, unit: "项", what: "所在的补贴件退回初审，占用的资金释放" }],
      undo: "初审后可以再复核。",
      confirm: `退回重审 ${unpaid.length} 项`,
      asks: "说明（可不填）",
      run: async () => {
        const { claims, left } = await call(reExamineDifferences, { differenceIds: ids(unpaid), note: said });
        return `退回重审 ${claims} 件。${leftWords(left)}`;
      },
    },
    dismiss: {
      title: "不处理",
      changes: [{ count: open.length, unit: "项", what: "不补发也不追回；以后算出别的数，会再列出来" }],
      undo: "不能恢复；事实再变时会重新列出。",
      confirm: `不处理 ${open.length} 项`,
      asks: "为什么不处理，如：登记有误，正在更正",
      run: async () => {
        const { done, left } = await call(dismissDifferences, { differenceIds: ids(open), reason: said });
        return `不处理 ${done} 项。${leftWords(left)}`;
      },
    },
  };
  const shown = act && acts[act];
  return (
    <span className={css["acts"]}>
      {mayHandle && paid.length > 0 ? (
        <Button size="small" type="primary" onClick={() => setAct("takeUp")}>
          补发、追回 {paid.length} 项
        </Button>
      ) : null}
      {mayApprove && unpaid.length > 0 ? (
        <Button size="small" type="primary" onClick={() => setAct("reExamine")}>
          退回重审 {unpaid.length} 项
        </Button>
      ) : null}
      {mayApprove ? (
        <Button size="small" onClick={() => setAct("dismiss")}>
          不处理 {open.length} 项
        </Button>
      ) : null}
      {shown ? (
        <ConfirmAct
          open
          title={shown.title}
          changes={shown.changes}
          undo={shown.undo}
          confirm={shown.confirm}
          danger={act === "dismiss"}
          lacks={[act === "dismiss" && said.length < 2 && "为什么不处理"]}
          onClose={() => setAct(null)}
          onConfirm={async () => {
            toast.done(await shown.run());
            setNote("");
            onDone();
            await refresh();
          }}
        >
          <Input.TextArea
            className={css["field"] ?? ""}
            aria-label={shown.asks}
            placeholder={shown.asks}
            maxLength={500}
            autoSize={{ minRows: 2, maxRows: 6 }}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </ConfirmAct>
      ) : null}
    </span>
  );
}
