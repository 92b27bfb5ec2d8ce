import { Button, Input } from "antd";
import { useState } from "react";
import { nextState } from "../../platform/contract.ts";
import { ConfirmAct, Icon, call, download, useGo, useMay, useRefresh, useToast, Field, count } from "../../ui/index.ts";
import {
  exportRule,
  policyPermissions,
  proposeRule,
  publishRule,
  returnRule,
  versionFlow,
  withdrawRule,
  type RuleView,
  type VersionAct,
} from "../contract.ts";
import { cannotPublishOwn } from "./words.ts";

type Asked = Extract<VersionAct, "propose" | "return" | "publish" | "withdraw">;

/** The acts that the version's life allows this officer now; the server asks the same table. */
export function RuleActs({ rule }: { rule: RuleView }) {
  const go = useGo();
  const toast = useToast();
  const may = {
    draft: useMay(policyPermissions.draft) && rule.ownDivision,
    publish: useMay(policyPermissions.publish) && rule.ownDivision,
    simulate: useMay(policyPermissions.simulate),
  };
  const [asked, setAsked] = useState<Asked | null>(null);
  const can = (act: VersionAct) => nextState(versionFlow, rule.state, act) !== null;
  const isDraftable = rule.kind !== "parameter" && (rule.state === "published" || rule.state === "superseded");
  const gateStops = rule.gate?.findings.some(({ weight }) => weight === "stop") ?? false;
  return (
    <>
      <Button
        icon={<Icon name="download" />}
        onClick={() => void download(exportRule, { versionId: rule.versionId }).catch(toast.refused)}
      >
        导出规则文件
      </Button>
      {may.simulate && rule.kind === "measure" ? (
        <Button onClick={() => go(`/simulations?version=${rule.versionId}`)}>测算</Button>
      ) : null}
      {may.draft && can("withdraw") ? <Button onClick={() => setAsked("withdraw")}>撤回</Button> : null}
      {may.draft && can("save") ? <Button onClick={() => go(`/rules/${rule.versionId}/edit`)}>继续编辑</Button> : null}
      {may.draft && can("propose") ? (
        <Button type="primary" disabled={rule.ruleProblems.length > 0} onClick={() => setAsked("propose")}>
          提交发布
        </Button>
      ) : null}
      {may.publish && can("return") ? <Button onClick={() => setAsked("return")}>退回修改</Button> : null}
      {may.publish && can("publish") && !rule.ownDraft ? (
        <Button type="primary" disabled={rule.gate === null} onClick={() => setAsked("publish")}>
          {gateStops ? "说明理由并发布" : "发布"}
        </Button>
      ) : null}
      {may.publish && can("publish") && rule.ownDraft ? <span className="caption">{cannotPublishOwn}</span> : null}
      {may.draft && isDraftable ? (
        <Button type="primary" onClick={() => go(`/rules/new?from=${rule.versionId}`)}>
          起草新版本
        </Button>
      ) : null}
      {asked ? <AskAct rule={rule} act={asked} gateStops={gateStops} onClose={() => setAsked(null)} /> : null}
    </>
  );
}

function AskAct({
  rule,
  act,
  gateStops,
  onClose,
}: {
  rule: RuleView;
  act: Asked;
  gateStops: boolean;
  onClose: () => void;
}) {
  const { versionId } = rule;
  const refresh = useRefresh();
  const toast = useToast();
  const [reason, setReason] = useState("");
  const replaced = rule.versions.find(({ path, state }) => path === rule.path && state === "published");
  const written = reason.trim();
  const asks = {
    propose: {
      title: `提交“${rule.title}”发布`,
      what: "规则提交复核，并在登记库上做发布前检查（只算不写）",
      undo: "发布之前可以撤回或由复核人退回。",
      confirm: "提交发布",
      needsReason: false,
      run: () => call(proposeRule, { versionId }),
      done: "已提交，发布前检查完成后由另一位工作人员复核。",
    },
    return: {
      title: `退回“${rule.title}”`,
      what: "规则退回起草人修改",
      undo: "改好后可以再次提交。",
      confirm: "退回修改",
      needsReason: true,
      run: () => call(returnRule, { versionId, reason: written }),
      done: "已退回。",
    },
    publish: {
      title: `发布“${rule.title}”`,
      what: replaced ? `规则施行，替代版本 ${replaced.versionId}，辖区内随即重新筛查` : "规则施行，辖区内随即筛查",
      undo: "已发布的版本不能改动；如有错误，起草新版本替代它。",
      confirm: gateStops ? "说明理由并发布" : "发布",
      needsReason: gateStops,
      run: () => call(publishRule, { versionId, ...(written === "" ? {} : { reason: written }) }),
      done: "已发布，正在筛查。",
    },
    withdraw: {
      title: `撤回“${rule.title}”`,
      what: "版本作废，不再修改，也不会发布",
      undo: "作废后不能恢复，可以从已发布的版本重新起草。",
      confirm: "撤回 1 个版本",
      needsReason: false,
      run: () => call(withdrawRule, { versionId }),
      done: "已撤回。",
    },
  }[act];
  return (
    <ConfirmAct
      open
      onClose={onClose}
      title={asks.title}
      changes={[{ count: 1, unit: "项", what: asks.what }]}
      undo={asks.undo}
      confirm={asks.confirm}
      danger={act === "withdraw"}
      disabled={asks.needsReason && written.length < 2}
      onConfirm={async () => {
        await asks.run();
        toast.done(asks.done);
        await refresh();
      }}
    >
      {asks.needsReason ? (
        <Field
          label={
            act === "return"
              ? "退回的理由"
              : `发布前检查有 ${count(rule.gate?.findings.filter(({ weight }) => weight === "stop").length ?? 0)} 项未通过，仍要发布的理由`
          }
        >
          <Input.TextArea rows={3} maxLength={300} value={reason} onChange={(event) => setReason(event.target.value)} />
        </Field>
      ) : null}
    </ConfirmAct>
  );
}
