import type { RuleProblem } from "#kernel/contract";
import type { Problem } from "../platform/problem.ts";

export const policyProblems = {
  ruleUnknown: (rule: string): Problem => ({
    code: "policy.rule-unknown",
    status: 404,
    message: `没有规则“${rule}”。用 npm run policies 查看全部规则的编号。`,
  }),
  factsUnreadable: (file: string): Problem => ({
    code: "policy.facts-unreadable",
    status: 422,
    message: `${file} 不是事实文件。请写成 JSON：{"名称": 值}，或 {"facts": …, "subjects": …, "claims": …}；可用的名称见 wengang explain --schema。`,
  }),
  ruleBroken: (problems: readonly Pick<RuleProblem, "file" | "line" | "column" | "message">[]): Problem => {
    const [first] = problems;
    return {
      code: "policy.rule-broken",
      status: 422,
      message: first
        ? `规则有误：${first.file} 第 ${first.line} 行第 ${first.column} 列，${first.message}${problems.length > 1 ? `（另有 ${problems.length - 1} 处）` : ""}`
        : "规则有误。",
      details: { problems },
    };
  },
  changedMeanwhile: (): Problem => ({
    code: "policy.changed-meanwhile",
    status: 409,
    message: "这份草稿刚被别人改过，请重新打开后再改。",
  }),
  notPossible: (act: string, state: string): Problem => ({
    code: "policy.not-possible",
    status: 409,
    message: `该版本现在是“${state}”，不能${act}。`,
  }),
  ownDraft: (): Problem => ({
    code: "policy.own-draft",
    status: 403,
    message: "起草人不能发布自己的规则，请由另一位工作人员复核发布。",
  }),
  gateNotDone: (): Problem => ({
    code: "policy.gate-not-done",
    status: 409,
    message: "发布前检查还没有做完，请稍候再发布。",
  }),
  gateStops: (): Problem => ({
    code: "policy.gate-stops",
    status: 422,
    message: "发布前检查有未通过的项目；确要发布，请写明理由。",
    path: ["reason"],
  }),
  pathFixed: (): Problem => ({
    code: "policy.path-fixed",
    status: 422,
    message: "文件路径应写作 policies/measures/<编号>/<六位区划>[-<版本>].yaml。",
    path: ["path"],
  }),
  fileTooLong: (): Problem => ({
    code: "policy.file-too-long",
    status: 413,
    message: "这个文件不像一条规则：规则文件不超过 6 万字。请选择导出的 YAML 文件。",
    path: ["file"],
  }),
  outsideDivision: (): Problem => ({
    code: "policy.outside-division",
    status: 403,
    message: "这条规则不属于您管辖的区域。",
  }),
  onlyMeasures: (): Problem => ({
    code: "policy.only-measures",
    status: 422,
    message: "只有补贴与政策可以测算；核查、义务、指标和共用标准没有金额可算。",
    path: ["versionId"],
  }),
  parameterUnknown: (): Problem => ({
    code: "policy.parameter-unknown",
    status: 404,
    message: "没有这个参数。",
  }),
  settingRefused: (message: string): Problem => ({
    code: "policy.setting-refused",
    status: 422,
    message,
    path: ["value"],
  }),
  settingTwice: (): Problem => ({
    code: "policy.setting-twice",
    status: 409,
    message: "该区划从这一天起的标准已经设过；先撤销原来的，再设新的。",
    path: ["from"],
  }),
  factsUnknown: (names: readonly string[]): Problem => ({
    code: "policy.facts-unknown",
    status: 422,
    message: `没有这些事实：${names.join("、")}。用 wengang explain --schema 查看可用的名称。`,
  }),
};
