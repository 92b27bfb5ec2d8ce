import { Button, Checkbox } from "antd";
import {
  Answer,
  Card,
  DataTable,
  EmptyState,
  FilterBar,
  PageHeader,
  StatusTag,
  count,
  useAddress,
  useMay,
  useRoute,
  useSession,
  type Column,
} from "../../ui/index.ts";
import { listParameters, policyPermissions, type ParameterRow } from "../contract.ts";
import { ParameterDrawer } from "./ParameterDrawer.tsx";
import { valueWords, windowWords } from "./words.ts";
import css from "./layout.module.css";

const SHOWN_VALUES = 2;

/** 标准与参数: every value that rules compute with; who has set it by which document; who may still set it. */
export default function ParametersPage() {
  const { region } = useSession();
  const [{ words, open, everywhere, parameter }, setAddress] = useAddress({
    words: "",
    open: "",
    everywhere: "",
    parameter: "",
  });
  const query = useRoute(
    listParameters,
    { ...(words ? { words } : {}), ...(open ? { open: true } : {}) },
    { keep: true },
  );
  const maySet = useMay(policyPermissions.settings);
  const found = query.data?.rows ?? [];
  // Standards of other provinces hide those that count here; a link to one of them shows it nevertheless.
  const rows = everywhere ? found : found.filter((row) => isOfPlace(row, region.code));
  const elsewhere = found.length - rows.length;
  const chosen = found.find((row) => row.parameter === parameter);
  const columns: readonly Column<ParameterRow>[] = [
    {
      key: "says",
      title: "标准",
      fixed: true,
      render: (row) => (
        <>
          <b>{row.says}</b>
          <span className={css["two"]}>{measuresWords(row)}</span>
        </>
      ),
    },
    {
      key: "shipped",
      title: "文件规定",
      width: 200,
      render: (row) => <Values kind={row.kind} values={row.shipped} none={row.awaits ? "待收录文件" : "—"} />,
    },
    {
      key: "settings",
      title: "各地设定",
      width: 200,
      render: (row) => <Values kind={row.kind} values={row.settings} none={row.openTo.length > 0 ? "还没有" : "—"} />,
    },
    {
      key: "openTo",
      title: "可由谁设定",
      width: 116,
      render: (row) =>
        row.openTo.length > 0 ? `${row.openTo.join("、")}级` : <span className="caption">文件规定</span>,
    },
    {
      key: "act",
      title: "办理",
      width: 84,
      align: "right",
      render: (row) => (
        <Button
          type="link"
          size="small"
          aria-label={`${row.maySet ? "设定" : "查看"}：${row.says}`}
          onClick={() => setAddress({ parameter: row.parameter })}
        >
          {row.maySet ? "设定" : "查看"}
        </Button>
      ),
    },
  ];
  return (
    <>
      <PageHeader
        title="标准与参数"
        crumbs={[{ label: "规则与调度" }, { label: "标准与参数" }]}
        note="文件规定的照文件，文件留给地方的由地方设定；没有设定的不按 0 计"
      />
      <Card>
        <div className={`${css["filters"]} ${css["buttons"]}`}>
          <FilterBar
            filters={[{ kind: "text", name: "words", label: "查找", width: 180, placeholder: "标准或政策的名称" }]}
            values={{ words }}
            onChange={setAddress}
          />
          <Checkbox checked={open !== ""} onChange={(event) => setAddress({ open: event.target.checked ? "yes" : "" })}>
            {maySet ? "只看可由地方设定的" : "只看留给地方的"}
          </Checkbox>
          <Checkbox
            checked={everywhere !== ""}
            onChange={(event) => setAddress({ everywhere: event.target.checked ? "yes" : "" })}
          >
            也列外地的
          </Checkbox>
          <span className="caption">
            共 {count(rows.length)} 项{elsewhere > 0 ? `，另有外地的 ${count(elsewhere)} 项` : ""}
          </span>
        </div>
        <Answer query={query} lines={10}>
          {() => (
            <DataTable
              caption="标准与参数"
              density="duty"
              columns={columns}
              rows={rows}
              rowKey={(row) => row.parameter}
              stale={query.isPlaceholderData}
              tone={(row) => (row.parameter === parameter ? "chosen" : undefined)}
              empty={<EmptyState title="没有符合这些条件的标准" />}
            />
          )}
        </Answer>
      </Card>
      {chosen ? <ParameterDrawer row={chosen} onClose={() => setAddress({ parameter: "" })} /> : null}
    </>
  );
}

/** A standard of the place itself, of what it lies in, or of places in it; one that no policy uses belongs everywhere. */
function isOfPlace({ measures }: ParameterRow, code: string): boolean {
  return (
    measures.length === 0 ||
    measures.some(({ region }) => {
      const own = region.replace(/(00)+$/, "");
      return code.startsWith(own) || own.startsWith(code);
    })
  );
}

function measuresWords({ measures }: ParameterRow): string {
  const [first] = measures;
  if (!first) return "";
  return measures.length === 1 ? `${first.title}（${first.regionName}）` : `${first.title}等 ${measures.length} 项政策`;
}

type Shown = ParameterRow["shipped"][number] | ParameterRow["settings"][number];

function Values({ kind, values, none }: { kind: string; values: readonly Shown[]; none: string }) {
  if (values.length === 0) return <span className="caption">{none}</span>;
  return (
    <>
      {values.slice(0, SHOWN_VALUES).map((value, index) => (
        <span key={index} style={{ display: "block" }} title={windowWords(value.from, value.to)}>
          <b>{valueWords(kind, value.value)}</b>{" "}
          <span className="caption">{[value.forCase ?? "", value.regionName].filter(Boolean).join("，")}</span>
          {"sample" in value && value.sample ? (
            <>
              {" "}
              <StatusTag tone="outline">样例</StatusTag>
            </>
          ) : null}
        </span>
      ))}
      {values.length > SHOWN_VALUES ? <span className={css["two"]}>共 {values.length} 个值</span> : null}
    </>
  );
}
