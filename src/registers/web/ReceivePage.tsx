import {
  Answer,
  Card,
  DataTable,
  download,
  DownloadButton,
  Link,
  PageHeader,
  StatusTag,
  Steps,
  UploadBox,
  useGo,
  usePathPart,
  useRoute,
} from "../../ui/index.ts";
import { downloadTemplate, getRegister, importTable, writingOf, type RegisterSummary } from "../contract.ts";
import { importSteps } from "./import-steps.ts";
import css from "./Import.module.css";

/** Takes the table as it is: its columns are found by their names, wherever the header stands. */
export default function ReceivePage() {
  const register = usePathPart("register");
  return <Answer query={useRoute(getRegister, { register })}>{(found) => <Loaded register={found} />}</Answer>;
}

function Loaded({ register }: { register: RegisterSummary }) {
  const go = useGo();
  return (
    <>
      <PageHeader
        title={`导入${register.title}`}
        crumbs={[
          { label: "登记簿", path: "/registers" },
          { label: register.title, path: `/registers/${register.name}` },
          { label: "导入表格" },
        ]}
        actions={
          <DownloadButton start={() => download(downloadTemplate, { register: register.name })}>
            下载模板
          </DownloadButton>
        }
      />
      <Steps label={`导入${register.title}的三个步骤`} steps={importSteps(null)} shown="upload" />
      <div className={css["columns"]}>
        <Card title="上传表格" note="原样上传，不用改列名、删标题" padded>
          <UploadBox
            route={importTable}
            input={{ register: register.name }}
            accept=".xlsx,.xls,.csv,.ods"
            hint="XLSX、XLS、CSV；有标题行、合计行、多张工作表都可以"
            onDone={({ importId }) => go(`/registers/${register.name}/imports/${importId}`)}
          />
          <ul className={css["next"]}>
            <li>先核对，列出新增、变更和有错的行；您点头后才写入。</li>
            <li>有错的行不写入，可以下载改好再导入，其余照常。</li>
            <li>空单元格不会清除已有内容；同一份表导入两次不会重复。</li>
            <li>写入后没有再被改动的，可以整批撤销。</li>
          </ul>
          <p className="caption">
            上传后可以离开，<Link to={`/registers/${register.name}?tab=imports`}>导入记录</Link>里随时找得到。
          </p>
        </Card>
        <Card title="认得的栏目" note="列名相同或常见叫法都认">
          <DataTable
            caption={`${register.title}的栏目`}
            density="short"
            rows={register.columns}
            rowKey={(column) => column.column}
            columns={[
              {
                key: "label",
                title: "栏目",
                fixed: true,
                width: 132,
                render: (column) => <b>{column.label}</b>,
              },
              {
                key: "required",
                title: "必填",
                width: 64,
                render: (column) =>
                  column.required || column.key ? (
                    <StatusTag tone={column.key ? "blue" : "plain"}>{column.key ? "认行" : "必填"}</StatusTag>
                  ) : null,
              },
              {
                key: "writing",
                title: "怎么填",
                render: (column) => (
                  <span>
                    {column.codes.length > 0 ? column.codes.join("、") : writingOf(column.type)}
                    {column.hint ? <span className="caption">　{column.hint}</span> : null}
                  </span>
                ),
              },
            ]}
          />
          <p className={css["legend"]}>“认行”的栏目相同，就是同一条记录：更新原记录，不另加一条。</p>
        </Card>
      </div>
    </>
  );
}
