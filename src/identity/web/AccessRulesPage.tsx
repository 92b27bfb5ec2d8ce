import { Button, Modal, Select } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  ConfirmAct,
  DataTable,
  EmptyState,
  MomentText,
  PageHeader,
  ProblemNotice,
  RegionPicker,
  ServerTable,
  StatusTag,
  useAct,
  useRoute,
  useSession,
  useToast,
} from "../../ui/index.ts";
import {
  addSecondFactorRule,
  decideLink,
  duties,
  dutyLabels,
  linkStateLabels,
  linkStates,
  listLinks,
  listSecondFactorRules,
  removeSecondFactorRule,
  type Duty,
  type LinkRow,
  type SecondFactorRule,
} from "../contract.ts";
import { AdministrationTabs } from "./AdministrationTabs.tsx";
import { Field } from "./Field.tsx";
import { ACCESS_RULES_PATH } from "./paths.ts";
import css from "./SecurityPage.module.css";

/** 登录安全: who must have a second factor, and whom the single sign-on stands for. */
export default function AccessRulesPage() {
  return (
    <>
      <PageHeader title="登录安全" crumbs={[{ label: "管理" }, { label: "用户与区域" }, { label: "登录安全" }]} />
      <AdministrationTabs current={ACCESS_RULES_PATH} />
      <div className={css["page"]}>
        <RulesCard />
        <LinksCard />
      </div>
    </>
  );
}

function RulesCard() {
  const rules = useRoute(listSecondFactorRules, {});
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<SecondFactorRule | null>(null);
  const remove = useAct(removeSecondFactorRule, { refreshes: [listSecondFactorRules] });
  return (
    <Card
      title="谁必须使用动态口令"
      note="没有设置的，登录后只能先去设置"
      extra={
        <Button size="small" onClick={() => setAdding(true)}>
          新增要求
        </Button>
      }
    >
      <Answer query={rules}>
        {(answer) => (
          <DataTable
            caption="动态口令要求"
            density="short"
            rows={answer.rules}
            rowKey={(row) => row.ruleId}
            empty={<EmptyState title="没有要求" hint="所有人都可以自愿设置；可按职责和区域要求必须使用。" />}
            columns={[
              { key: "who", title: "对象", render: (row) => (row.duty ? dutyLabels[row.duty] : row.organisation) },
              { key: "region", title: "区域", render: (row) => row.regionName },
              {
                key: "act",
                title: "操作",
                render: (row) =>
                  row.fixed ? (
                    <StatusTag tone="plain">系统规定</StatusTag>
                  ) : (
                    <Button size="small" onClick={() => setRemoving(row)}>
                      取消
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Answer>
      {adding ? <AddRule onClose={() => setAdding(false)} /> : null}
      <ConfirmAct
        open={removing !== null}
        title="取消动态口令要求"
        changes={[{ count: 1, unit: "项", what: "不再要求；已设置的继续有效" }]}
        undo="可以重新要求。"
        confirm="取消 1 项要求"
        onConfirm={() => remove.mutateAsync({ ruleId: removing!.ruleId })}
        onClose={() => setRemoving(null)}
      />
    </Card>
  );
}

function AddRule({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const toast = useToast();
  const [duty, setDuty] = useState<Duty>("county-clerk");
  const [region, setRegion] = useState(session.region.code);
  const add = useAct(addSecondFactorRule, {
    refreshes: [listSecondFactorRules],
    onDone: ({ officersWithout }) => {
      toast.done(`已要求。其中 ${officersWithout} 人还没有设置，下次操作时会先去设置。`);
      onClose();
    },
  });
  return (
    <Modal
      open
      title="要求使用动态口令"
      okText="要求使用"
      cancelText="取消"
      confirmLoading={add.isPending}
      onOk={() => add.mutate({ duty, region })}
      onCancel={onClose}
    >
      <div className={css["fields"]}>
        <Field label="职责">
          {(field) => (
            <Select
              {...field}
              value={duty}
              onChange={setDuty}
              options={duties.map((value) => ({ value, label: dutyLabels[value] }))}
            />
          )}
        </Field>
        <Field label="区域" hint="该区域及以下持有该职责的人">
          {() => <RegionPicker label="区域" value={region} onChange={setRegion} width={460} />}
        </Field>
        {add.error ? <ProblemNotice problem={add.error} compact /> : null}
      </div>
    </Modal>
  );
}

function LinksCard() {
  const toast = useToast();
  const [chosen, setChosen] = useState<{ link: LinkRow; approve: boolean } | null>(null);
  const decide = useAct(decideLink, {
    refreshes: [listLinks],
    onDone: () => toast.done(chosen?.approve ? "已关联，可以用统一身份登录。" : "已取消关联，其登录已退出。"),
  });
  return (
    <Card title="统一身份关联" note="统一身份认证第一次登录时提出，核实是同一人后批准">
      <ServerTable
        name="identity.links"
        caption="统一身份关联"
        route={listLinks}
        rowKey={(row) => row.linkId}
        filters={[
          {
            kind: "choice",
            name: "state",
            label: "状态",
            options: linkStates.map((value) => ({ value, label: linkStateLabels[value] })),
          },
        ]}
        columns={[
          {
            key: "who",
            title: "本系统用户",
            fixed: true,
            render: (row) => (
              <>
                <b>{row.name}</b>　<span className="caption">{row.login}</span>
              </>
            ),
          },
          { key: "organisation", title: "所属单位", render: (row) => row.organisation },
          { key: "subject", title: "统一身份", render: (row) => `${row.claim}（${row.subject}）` },
          { key: "at", title: "提出时间", render: (row) => <MomentText value={row.requestedAt} /> },
          {
            key: "state",
            title: "状态",
            render: (row) => (
              <StatusTag tone={row.state === "waiting" ? "soon" : row.state === "approved" ? "done" : "plain"}>
                {linkStateLabels[row.state]}
              </StatusTag>
            ),
          },
          {
            key: "act",
            title: "操作",
            width: 130,
            render: (row) => (
              <>
                {row.state === "approved" ? null : (
                  <Button size="small" type="primary" onClick={() => setChosen({ link: row, approve: true })}>
                    批准
                  </Button>
                )}{" "}
                {row.state === "refused" ? null : (
                  <Button size="small" onClick={() => setChosen({ link: row, approve: false })}>
                    {row.state === "approved" ? "取消关联" : "不批准"}
                  </Button>
                )}
              </>
            ),
          },
        ]}
        empty={{ title: "没有关联", hint: "配置统一身份认证后，人员第一次用它登录时会在这里等待批准。" }}
      />
      {chosen ? (
        <ConfirmAct
          open
          title={`${chosen.approve ? "批准关联" : "不关联"}：${chosen.link.name}（${chosen.link.login}）`}
          changes={[
            {
              count: 1,
              unit: "个",
              what: chosen.approve
                ? `统一身份“${chosen.link.claim}”可以登录这个账号`
                : "统一身份不能登录这个账号，其现有登录退出",
            },
          ]}
          undo="可以再改。请先核实两边是同一个人。"
          confirm={chosen.approve ? "批准 1 个关联" : "取消 1 个关联"}
          onConfirm={() => decide.mutateAsync({ linkId: chosen.link.linkId, approve: chosen.approve })}
          onClose={() => setChosen(null)}
        />
      ) : null}
    </Card>
  );
}
