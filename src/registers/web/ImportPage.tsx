import { Button } from "antd";
import { useEffect, useRef, useState, type ReactNode } from "react";
import {
  ActFooter,
  Answer,
  call,
  Card,
  ConfirmAct,
  count,
  EmptyState,
  FigureStrip,
  Icon,
  Link,
  May,
  moment,
  Outcome,
  PageHeader,
  ProblemError,
  ProblemNotice,
  StatusTag,
  Steps,
  TaskProgress,
  useAct,
  useMay,
  usePathPart,
  useRefresh,
  useRoute,
  useSession,
} from "../../ui/index.ts";
import {
  applyImport,
  discardImport,
  getImport,
  getRegisterTask,
  importStateLabels,
  registersPermissions,
  undoImport,
  type ImportDetail,
} from "../contract.ts";
import { ColumnsRead, Faults, PreviewedChanges } from "./ImportLists.tsx";
import { Remap } from "./Remap.tsx";
import { importSteps, shownStep } from "./import-steps.ts";
import { importTones } from "./import-tones.ts";
import css from "./Import.module.css";

/** One table on its way into the register: what it would change, what is wrong with it, and the way back. */
export default function ImportPage() {
  const importId = usePathPart("importId");
  return (
    <Answer query={useRoute(getImport, { importId })} lines={8}>
      {(found) => <Loaded found={found} />}
    </Answer>
  );
}

function Loaded({ found }: { found: ImportDetail }) {
  const { businessDate } = useSession();
  return (
    <>
      <PageHeader
        title={`导入${found.title}`}
        crumbs={[
          { label: "登记簿", path: "/registers" },
          { label: found.title, path: `/registers/${found.register}` },
          { label: "导入记录", path: `/registers/${found.register}?tab=imports` },
          { label: found.fileName },
        ]}
        note={`${found.fileName} · ${moment(found.receivedAt, businessDate)} ${found.receivedBy}上传`}
        tags={<StatusTag tone={importTones[found.state]}>{importStateLabels[found.state]}</StatusTag>}
        actions={found.state === "checked" ? <Discard found={found} /> : null}
      />
      <Steps label={`导入${found.title}的三个步骤`} steps={importSteps(found)} shown={shownStep(found)} />
      <Work found={found} />
      <Content found={found} />
    </>
  );
}

/** `Work` itself notices the end, also of a task that ended before it was first asked about. */
const noteNothing = () => {};

/** What the background does now, or why it did not come to its end. */
function Work({ found }: { found: ImportDetail }) {
  const refresh = useRefresh();
  const task = useRoute(getRegisterTask, { taskId: found.taskId ?? "" }, { enabled: found.taskId !== null });
  const busy = task.data?.state === "queued" || task.data?.state === "running";
  // Once for each task that has ended: what is on screen may be from before its end.
  const told = useRef("");
  useEffect(() => {
    if (!task.data || busy || told.current === task.data.taskId) return;
    told.current = task.data.taskId;
    void refresh();
  }, [task.data, busy, refresh]);
  if (!found.taskId || !task.data) return null;
  const { problem } = task.data;
  if (busy)
    return (
      <div className={css["gap"]}>
        <Card>
          <TaskProgress taskId={found.taskId} route={getRegisterTask} onEnd={noteNothing} />
        </Card>
      </div>
    );
  // The import's own problem is said by its content.
  if (problem === null || found.state === "failed") return null;
  return (
    <div className={css["gap"]}>
      <Card>
        <ProblemNotice problem={new ProblemError(422, problem)} />
      </Card>
    </div>
  );
}

function Content({ found }: { found: ImportDetail }) {
  switch (found.state) {
    case "checking":
      return null;
    case "failed":
      return <Failed found={found} />;
    case "discarded":
      return (
        <Card>
          <EmptyState
            title="这次导入已作废"
            hint="登记簿没有因它改动。"
            action={<Link to={`/registers/${found.register}/import`}>重新上传</Link>}
          />
        </Card>
      );
    case "checked":
      return <Checked found={found} />;
    case "applied":
    case "undone":
      return (
        <>
          <Result found={found} />
          <Lists found={found} />
        </>
      );
  }
}

/** What could be opened but not understood is explained by hand; what could not be opened is sent anew. */
function Failed({ found }: { found: ImportDetail }) {
  const may = useMay(registersPermissions.write);
  const [remapping, setRemapping] = useState(false);
  const readable = may && found.sheets.some(({ columns }) => columns.length > 0);
  return (
    <div className={css["stack"]}>
      <Card>
        <ProblemNotice
          title="这份表没有读成"
          problem={
            new ProblemError(422, found.problem ?? { code: "registers.unreadable", message: "这份文件无法读取。" })
          }
        />
        <p className={css["after"]}>
          登记簿没有改动。
          {readable && !remapping ? (
            <>
              列名与栏目不同的，可以
              <Button type="link" className={css["inline"]} onClick={() => setRemapping(true)}>
                自己指定列对应
              </Button>
              ；或者改好后
            </>
          ) : (
            "改好后"
          )}
          <Link to={`/registers/${found.register}/import`}>重新上传</Link>。
        </p>
      </Card>
      {remapping ? <Remap found={found} onDone={() => setRemapping(false)} /> : null}
    </div>
  );
}

function Checked({ found }: { found: ImportDetail }) {
  const may = useMay(registersPermissions.write);
  const [remapping, setRemapping] = useState(false);
  if (remapping) return <Remap found={found} onDone={() => setRemapping(false)} />;
  return (
    <>
      <Lists
        found={found}
        remap={
          may ? (
            <Button size="small" onClick={() => setRemapping(true)}>
              改列对应
            </Button>
          ) : null
        }
      />
      <May permission={registersPermissions.write}>
        <Apply found={found} />
      </May>
    </>
  );
}

/** Figures, what changes, what is wrong, how the columns were read: widest question first. */
function Lists({ found, remap }: { found: ImportDetail; remap?: ReactNode }) {
  const { counts } = found;
  return (
    <div className={css["stack"]}>
      <Card>
        <FigureStrip
          label="核对结果"
          figures={[
            { key: "new", label: "新增", value: counts.new, unit: "条", note: "登记簿里还没有" },
            { key: "changed", label: "变更", value: counts.changed, unit: "条", note: "与登记簿不同" },
            { key: "same", label: "无变化", value: counts.same, unit: "条", note: "逐项相同，不动" },
            {
              key: "faulty",
              label: "有错",
              value: counts.faulty,
              unit: "行",
              note: counts.faulty > 0 ? "不写入，改好再导" : "全部可以写入",
              tone: counts.faulty > 0 ? "late" : "done",
            },
          ]}
        />
      </Card>
      {counts.faulty > 0 ? <Faults found={found} /> : null}
      {found.changes.length > 0 ? <PreviewedChanges found={found} /> : null}
      <ColumnsRead found={found} extra={remap} />
    </div>
  );
}

function Apply({ found }: { found: ImportDetail }) {
  const refresh = useRefresh();
  const act = useAct(applyImport, { onDone: () => void refresh() });
  const { counts } = found;
  const written = counts.new + counts.changed;
  if (written === 0)
    return (
      <p className={css["nothing"]}>
        <Icon name="check" />
        {counts.faulty > 0
          ? "没有错的行都与登记簿一致，没有要写入的。改好有错的行再导入。"
          : "与登记簿完全一致，没有要写入的。"}
      </p>
    );
  return (
    <>
      {act.error ? <ProblemNotice problem={act.error} /> : null}
      <ActFooter
        title={`导入将写入“${found.title}”（${count(written)} 条）`}
        note={counts.same > 0 ? `其余 ${count(counts.same)} 条无变化` : null}
        changes={[
          { count: counts.new, unit: "条", what: "新登记" },
          { count: counts.changed, unit: "条", what: "更新原记录" },
          { count: counts.faulty, unit: "行", what: "有错，不写入", tone: "late" },
        ]}
        undo={
          <>
            <Icon name="undo" /> 之后没有再改动的，可整批撤销
          </>
        }
      >
        <Button
          type="primary"
          size="large"
          loading={act.isPending}
          onClick={() => act.mutate({ importId: found.importId })}
        >
          导入 {count(written)} 条
        </Button>
      </ActFooter>
    </>
  );
}

function Result({ found }: { found: ImportDetail }) {
  const { businessDate } = useSession();
  const may = useMay(registersPermissions.write);
  const { counts } = found;
  const undone = found.state === "undone";
  return (
    <Outcome
      kind={undone ? "undone" : "done"}
      sentence={
        undone
          ? `${found.undoneAt ? `${moment(found.undoneAt, businessDate)} ` : ""}已整批撤销，登记簿回到导入之前。`
          : `${found.appliedAt ? `${moment(found.appliedAt, businessDate)} ` : ""}已导入：新登记 ${count(counts.new)} 条，更新 ${count(counts.changed)} 条，${count(counts.same)} 条无变化。`
      }
      note={
        <>
          <Link to={`/registers/${found.register}`}>看“{found.title}”的记录</Link>
          {undone || counts.faulty === 0 ? "" : `；有错的 ${count(counts.faulty)} 行没有写入，下载改好再导入。`}
        </>
      }
    >
      {undone || !may ? null : <Undo found={found} />}
    </Outcome>
  );
}

function Undo({ found }: { found: ImportDetail }) {
  const [asking, setAsking] = useState(false);
  const refresh = useRefresh();
  if (found.later > 0) return <span className="caption">其中 {count(found.later)} 条之后又有改动，不能整批撤销</span>;
  return (
    <>
      <Button icon={<Icon name="undo" />} onClick={() => setAsking(true)}>
        撤销整批
      </Button>
      <ConfirmAct
        open={asking}
        onClose={() => setAsking(false)}
        title="撤销这次导入"
        changes={[
          { count: found.counts.new, unit: "条", what: "新登记的，删去", tone: "late" },
          { count: found.counts.changed, unit: "条", what: "更新的，恢复原来内容" },
        ]}
        undo="撤销后可以重新上传同一份表。每处变化都留痕。"
        confirm={`撤销 ${count(found.counts.new + found.counts.changed)} 条`}
        danger
        onConfirm={async () => {
          await call(undoImport, { importId: found.importId });
          await refresh();
        }}
      />
    </>
  );
}

function Discard({ found }: { found: ImportDetail }) {
  const [asking, setAsking] = useState(false);
  const refresh = useRefresh();
  return (
    <May permission={registersPermissions.write}>
      <Button onClick={() => setAsking(true)}>作废</Button>
      <ConfirmAct
        open={asking}
        onClose={() => setAsking(false)}
        title="作废这次导入"
        changes={[{ count: found.counts.rows, unit: "行", what: "不再导入，登记簿不变" }]}
        undo="作废后不能恢复，可重新上传同一文件。"
        confirm="作废"
        danger
        onConfirm={async () => {
          await call(discardImport, { importId: found.importId });
          await refresh();
        }}
      />
    </May>
  );
}
