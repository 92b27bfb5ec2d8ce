import { Button, Drawer } from "antd";
import { useState } from "react";
import {
  ConfirmAct,
  DataTable,
  Law,
  Link,
  StatusTag,
  call,
  useRefresh,
  useToast,
  type Column,
} from "../../ui/index.ts";
import { listParameters, removeParameter, type ParameterRow } from "../contract.ts";
import { Feel } from "./Feel.tsx";
import { Source } from "./Source.tsx";
import { SetParameterForm } from "./SetParameterForm.tsx";
import { valueWords, windowWords } from "./words.ts";
import css from "./layout.module.css";

type Setting = ParameterRow["settings"][number];

/** One parameter whole: what texts say, what places have set, and the form for whoever may set it. */
export function ParameterDrawer({ row, onClose }: { row: ParameterRow; onClose: () => void }) {
  const [removing, setRemoving] = useState<Setting | null>(null);
  const refresh = useRefresh();
  const toast = useToast();
  const columns: readonly Column<Setting>[] = [
    {
      key: "value",
      title: "值",
      fixed: true,
      width: 120,
      render: (one) => (
        <>
          <b>{valueWords(row.kind, one.value)}</b>
          {one.forCase ? <span className={css["two"]}>{one.forCase}</span> : null}
        </>
      ),
    },
    {
      key: "region",
      title: "地区、期间",
      render: (one) => (
        <>
          {one.regionName}
          <span className={css["two"]}>{windowWords(one.from, one.to)}</span>
        </>
      ),
    },
    {
      key: "document",
      title: "依据文件",
      render: (one) => (
        <>
          {one.document} {one.sample ? <StatusTag tone="outline">样例</StatusTag> : null}
          <span className={css["two"]}>
            {[one.documentDate ?? "", `${one.setByName} 设定`].filter(Boolean).join("，")}
          </span>
        </>
      ),
    },
    {
      key: "act",
      title: "办理",
      width: 64,
      render: (one) =>
        row.maySet && one.own ? (
          <Button type="link" size="small" aria-label={`撤销${one.regionName}的设定`} onClick={() => setRemoving(one)}>
            撤销
          </Button>
        ) : null,
    },
  ];
  return (
    <Drawer open title={row.says} size={640} onClose={onClose}>
      <div className={css["stack"]}>
        <p>
          用于{" "}
          {row.measures.map(({ versionId, title, regionName }, index) => (
            <span key={versionId}>
              {index > 0 ? "、" : ""}
              <Link to={`/rules/${versionId}`}>{title}</Link>（{regionName}）
            </span>
          ))}
        </p>
        {row.bounds ? (
          <p>
            设定的值须符合 <Feel text={row.bounds} />
          </p>
        ) : null}
        {row.awaits ? (
          <p className="tone-soon">
            文件规定的标准写在尚未收录的文件里：{row.awaits}。收录或设定之前，结论为“标准未定”，不按 0 计。
          </p>
        ) : null}
        <section>
          <h3>文件规定</h3>
          {row.shipped.map((value, index) => (
            <div key={index}>
              <p>
                <b>{valueWords(row.kind, value.value)}</b>　{value.forCase ? `${value.forCase}，` : ""}
                {value.regionName}，{windowWords(value.from, value.to)}
              </p>
              {value.basis?.quote ? (
                <Law quote={value.basis.quote} source={<Source basis={value.basis} />} />
              ) : value.basis ? (
                <p className="caption">
                  <Source basis={value.basis} />
                </p>
              ) : null}
            </div>
          ))}
          {row.shipped.length === 0 ? <p className="caption">没有写明具体数值。</p> : null}
        </section>
        <section>
          <h3>各地设定</h3>
          <DataTable
            caption="各地设定"
            density="duty"
            columns={columns}
            rows={row.settings}
            rowKey={(one) => one.settingId}
            empty={
              <p className="caption">
                {row.openTo.length > 0
                  ? `还没有地方设定。可由${row.openTo.join("、")}级设定。`
                  : "由文件直接规定，地方不能另设。"}
              </p>
            }
          />
        </section>
        {row.maySet ? <SetParameterForm row={row} /> : null}
      </div>
      {removing ? (
        <ConfirmAct
          open
          danger
          title={`撤销${removing.regionName}的“${row.says}”`}
          changes={[
            { count: 1, unit: "项", what: `设定撤销（${valueWords(row.kind, removing.value)}，${removing.document}）` },
            { count: row.measures.length, unit: "项", what: "政策随即重新筛查，没有其他标准可用的结论变为“标准未定”" },
          ]}
          undo="撤销后可以重新设定；撤销的记录留在审计日志里。"
          confirm="撤销 1 项设定"
          onClose={() => setRemoving(null)}
          onConfirm={async () => {
            await call(removeParameter, { settingId: removing.settingId });
            toast.done("已撤销，正在重新筛查。");
            await refresh([listParameters]);
          }}
        />
      ) : null}
    </Drawer>
  );
}
