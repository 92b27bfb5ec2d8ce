import { Button, Drawer, Input } from "antd";
import { useState } from "react";
import {
  Answer,
  call,
  ConfirmAct,
  EmptyState,
  Link,
  May,
  moment,
  useRefresh,
  useRoute,
  useSession,
  useToast,
} from "../../ui/index.ts";
import {
  changeActLabels,
  getRegisterRow,
  listRowChanges,
  registersPermissions,
  removeRegisterRow,
  type ColumnSummary,
  type RegisterRow,
  type RegisterSummary,
  type RowChange,
} from "../contract.ts";
import { CellChange } from "./CellChange.tsx";
import { RowForm } from "./RowForm.tsx";
import { Shown, wordsOf } from "./Shown.tsx";
import css from "./RowDrawer.module.css";

const REASON_LEAST = 2;

export function rowName(register: RegisterSummary, row: RegisterRow): string {
  return register.columns
    .filter((column) => column.key)
    .map((column) => wordsOf(column, row.values[column.column] ?? null))
    .filter(Boolean)
    .join(" · ");
}

/** One row with all its columns and all that happened to it. */
export function RowDrawer({
  register,
  rowId,
  onClose,
}: {
  register: RegisterSummary;
  rowId: string;
  onClose: () => void;
}) {
  const row = useRoute(getRegisterRow, { register: register.name, rowId });
  const [editing, setEditing] = useState(false);
  const [removing, setRemoving] = useState(false);
  const toast = useToast();
  return (
    <>
      <Drawer
        open
        title={row.data ? `${register.title} ${rowName(register, row.data)}` : register.title}
        size={520}
        onClose={onClose}
        footer={
          row.data ? (
            <May permission={registersPermissions.write}>
              <div className={css["foot"]}>
                <Button danger onClick={() => setRemoving(true)}>
                  删除
                </Button>
                <Button type="primary" onClick={() => setEditing(true)}>
                  修改
                </Button>
              </div>
            </May>
          ) : null
        }
      >
        <Answer query={row} lines={8}>
          {(found) => (
            <>
              <dl className={css["facts"]}>
                {register.columns.map((column) => (
                  <div key={column.column}>
                    <dt>{column.label}</dt>
                    <dd>
                      {(found.values[column.column] ?? null) === null ? (
                        <span className="caption">未填</span>
                      ) : (
                        <Shown column={column} value={found.values[column.column]!} />
                      )}
                    </dd>
                  </div>
                ))}
                <div>
                  <dt>登记单位所在地</dt>
                  <dd>{found.region.fullName}</dd>
                </div>
              </dl>
              <h3 className={css["heading"]}>这条记录的经过</h3>
              <History register={register} rowId={rowId} />
            </>
          )}
        </Answer>
      </Drawer>
      {editing && row.data ? (
        <RowForm
          register={register}
          row={row.data}
          onClose={() => setEditing(false)}
          onSaved={() => toast.done("已保存。")}
        />
      ) : null}
      {removing && row.data ? (
        <Removal register={register} row={row.data} onClose={() => setRemoving(false)} onDone={onClose} />
      ) : null}
    </>
  );
}

function Removal({
  register,
  row,
  onClose,
  onDone,
}: {
  register: RegisterSummary;
  row: RegisterRow;
  onClose: () => void;
  onDone: () => void;
}) {
  const [reason, setReason] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  return (
    <ConfirmAct
      open
      title={`删除 ${rowName(register, row)}`}
      changes={[{ count: 1, unit: "条", what: `从“${register.title}”中删去，筛查不再看到`, tone: "late" }]}
      undo="删除后不能恢复，要恢复须重新登记；删除的内容和原因留在变更记录里。"
      confirm="删除 1 条"
      danger
      disabled={reason.trim().length < REASON_LEAST}
      onClose={onClose}
      onConfirm={async () => {
        await call(removeRegisterRow, {
          register: register.name,
          rowId: row.rowId,
          version: row.version,
          reason: reason.trim(),
        });
        toast.done("已删除 1 条。");
        onDone();
        await refresh();
      }}
    >
      <Input
        aria-label="删除原因"
        placeholder="为什么删，如：重复登记、登错了人"
        maxLength={200}
        value={reason}
        onChange={(event) => setReason(event.target.value)}
      />
    </ConfirmAct>
  );
}

function History({ register, rowId }: { register: RegisterSummary; rowId: string }) {
  const changes = useRoute(listRowChanges, { register: register.name, rowId });
  return (
    <Answer query={changes} lines={3}>
      {(found) =>
        found.length === 0 ? (
          <EmptyState title="没有变更记录" hint="这条记录是随初始数据装入的。" />
        ) : (
          <ol className={css["history"]}>
            {found.map((change) => (
              <Change key={change.changeId} register={register} change={change} />
            ))}
          </ol>
        )
      }
    </Answer>
  );
}

function Change({ register, change }: { register: RegisterSummary; change: RowChange }) {
  const { businessDate } = useSession();
  const columns = new Map(register.columns.map((column) => [column.column, column]));
  const columnOf = (name: string): Pick<ColumnSummary, "type"> => columns.get(name) ?? { type: "text" };
  // Every cell of a new row is new: that says nothing which the row itself does not.
  const cells = change.act === "update" || change.act === "undo" ? change.cells : [];
  return (
    <li>
      <p>
        <b>{changeActLabels[change.act]}</b> {change.officerName}{" "}
        <span className="caption">{moment(change.at, businessDate)}</span>
        {change.importId ? (
          <>
            {" "}
            <Link to={`/registers/${register.name}/imports/${change.importId}`}>看这次导入</Link>
          </>
        ) : null}
      </p>
      {change.reason ? <p className="caption">{change.reason}</p> : null}
      {cells.map((cell) => (
        <CellChange key={cell.column} {...cell} words={(value) => wordsOf(columnOf(cell.column), value)} />
      ))}
    </li>
  );
}
