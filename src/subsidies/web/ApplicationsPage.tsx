import { Radio } from "antd";
import {
  Card,
  DateText,
  DueText,
  Link,
  May,
  PageHeader,
  ServerTable,
  StatusTag,
  useAddress,
  useRoute,
  useSession,
  type Column,
} from "../../ui/index.ts";
import {
  applicationStateLabels,
  applicationViewLabels,
  applicationViews,
  applicationWayLabels,
  countApplications,
  lineStateLabels,
  listApplications,
  subsidiesPermissions,
  type ApplicationRow,
  type ApplicationViewName,
} from "../contract.ts";
import { applicationTones, lineTones } from "./words.ts";
import css from "./subsidies.module.css";

const EMPTY: Record<ApplicationViewName, { readonly title: string; readonly hint: string }> = {
  drafts: { title: "没有未提交的草稿", hint: "点右上角“代办申请”，按人或按一件事填报。" },
  received: { title: "没有外地转来待签收的申请", hint: "外地窗口代收、由本地发放的申请会出现在这里。" },
  sent: { title: "没有转出的申请", hint: "群众的户籍或事项不在本地时，代收后转给发放的县（市、区）。" },
  waiting: { title: "没有等待核实登记的申请", hint: "申请的事实还没有登记、或要由经办核实的，会出现在这里。" },
  lodged: { title: "还没有提交的申请", hint: "本人网上申请和窗口代办的申请都在这里。" },
};

/** 补贴申请: what people ask for, by what the office has to do about it. */
export default function ApplicationsPage() {
  const { permissions } = useSession();
  const handles = permissions.includes(subsidiesPermissions.handle);
  const [{ view }, change] = useAddress({ view: "waiting" });
  const counts = useRoute(countApplications, {}, { keep: true });
  const shown = applicationViews.find((one) => one === view) ?? "waiting";
  return (
    <>
      <PageHeader
        title="补贴申请"
        crumbs={[{ label: "补贴申请" }]}
        note="部门已经登记的不再要求提供；没有登记的由申请人承诺，审核时核实"
        tags={
          counts.data && counts.data.late > 0 ? <StatusTag tone="late">逾期 {counts.data.late} 件</StatusTag> : null
        }
        actions={
          <May permission={subsidiesPermissions.handle}>
            <Link to="/applications/elsewhere" className={css["secondary"] ?? ""}>
              代收外地申请
            </Link>
            <Link to="/applications/new" className={css["primary"] ?? ""}>
              代办申请
            </Link>
          </May>
        }
      />
      <Card>
        <Radio.Group
          className={css["views"] ?? ""}
          value={shown}
          aria-label="分类"
          onChange={(event) => change({ view: String(event.target.value) })}
          options={applicationViews
            .filter((one) => handles || one !== "drafts")
            .map((value) => ({
              value,
              label: `${applicationViewLabels[value]}${counts.data ? ` ${counts.data[value]}` : ""}`,
            }))}
          optionType="button"
          buttonStyle="solid"
        />
        <ServerTable
          key={shown}
          name="subsidies.applications"
          caption={applicationViewLabels[shown]}
          route={listApplications}
          input={{ view: shown }}
          filters={[{ kind: "text", name: "search", label: "申请人或编号" }]}
          rowKey={(row) => row.applicationId}
          rowPath={(row) => `/applications/${row.applicationId}`}
          density="duty"
          columns={columns}
          empty={EMPTY[shown]}
        />
      </Card>
    </>
  );
}

const columns: readonly Column<ApplicationRow>[] = [
  {
    key: "applicant",
    title: "申请人",
    width: 180,
    fixed: true,
    render: (row) => (
      <>
        {row.applicantName}
        <span className={css["sub"]}>{row.number}</span>
      </>
    ),
  },
  {
    key: "title",
    title: "申请事项",
    render: (row) => (
      <>
        {row.title}
        {row.bundle ? (
          <span className={css["sub"]}>一件事：{row.lines.map(({ title }) => title).join("、")}</span>
        ) : null}
      </>
    ),
  },
  {
    key: "state",
    title: "进度",
    width: 190,
    render: (row) =>
      row.state === "lodged" ? (
        <span className={css["acts"]}>
          {(["claimed", "waiting", "refused", "draft"] as const).map((state) => {
            const n = row.lines.filter((line) => line.state === state).length;
            return n > 0 ? (
              <StatusTag key={state} tone={lineTones[state]}>
                {state === "draft" ? "正在立件" : lineStateLabels[state]} {n}
              </StatusTag>
            ) : null;
          })}
        </span>
      ) : (
        <StatusTag tone={applicationTones[row.state]}>{applicationStateLabels[row.state]}</StatusTag>
      ),
  },
  { key: "due", title: "应答复", width: 110, render: (row) => (row.dueOn ? <DueText due={row.dueOn} /> : "") },
  {
    key: "way",
    title: "方式",
    width: 170,
    render: (row) => (
      <>
        {applicationWayLabels[row.way]}
        {row.way === "self" ? null : (
          <span className={css["sub"]}>
            {row.takenBy} {row.organisation}
          </span>
        )}
      </>
    ),
  },
  {
    key: "place",
    title: "受理 → 办理",
    width: 140,
    render: (row) => (row.takenAt === row.paysAt ? row.paysAt : `${row.takenAt} → ${row.paysAt}`),
  },
  {
    key: "on",
    title: "提交",
    width: 108,
    render: (row) => <DateText value={row.submittedOn ?? row.begunOn} />,
  },
];
