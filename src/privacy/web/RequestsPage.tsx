import { Button, Input } from "antd";
import { useState } from "react";
import {
  Answer,
  call,
  Card,
  ConfirmAct,
  DateText,
  DueText,
  Field,
  Link,
  PageHeader,
  ServerTable,
  StatusTag,
  useRefresh,
  useRoute,
  useToast,
  type Tone,
} from "../../ui/index.ts";
import {
  decideRequest,
  listRequests,
  requestStateLabels,
  requestStates,
  whatKeepsRequest,
  type RequestRow,
  type RequestState,
} from "../contract.ts";
import css from "./privacy.module.css";

const tones: Record<RequestState, Tone> = {
  waiting: "soon",
  approved: "soon",
  refused: "plain",
  withdrawn: "plain",
  done: "done",
};

/** 删除申请: what people ask to be erased; an officer sees what the law still keeps, and answers. */
export default function RequestsPage() {
  const [chosen, setChosen] = useState<RequestRow | null>(null);
  return (
    <>
      <PageHeader
        title="删除申请"
        crumbs={[{ label: "删除申请" }]}
        note="依法还须保存的不能删除，答复时告诉本人存到哪一天（个人信息保护法第四十七条）"
      />
      <Card>
        <ServerTable
          name="privacy.requests"
          caption="删除申请"
          route={listRequests}
          rowKey={(row) => row.requestId}
          tone={(row) => (row.late ? "late" : undefined)}
          filters={[
            {
              kind: "choice",
              name: "state",
              label: "状态",
              width: 140,
              options: requestStates.map((value) => ({ value, label: requestStateLabels[value] })),
            },
          ]}
          columns={[
            {
              key: "person",
              title: "人员",
              fixed: true,
              width: 220,
              render: (row) =>
                row.personId ? (
                  <>
                    <Link to={`/persons/${row.personId}`}>{row.personName ?? "不在辖区"}</Link>　
                    <span className="caption">{row.identityMask}</span>
                  </>
                ) : (
                  <span className="caption">已删除</span>
                ),
            },
            { key: "region", title: "户籍地", width: 220, render: (row) => row.regionName },
            { key: "reason", title: "理由", render: (row) => row.reason || "—" },
            { key: "asked", title: "提出", width: 110, render: (row) => <DateText value={row.askedOn} /> },
            {
              key: "state",
              title: "状态",
              width: 200,
              render: (row) =>
                row.state === "waiting" ? (
                  <DueText due={row.dueOn} />
                ) : (
                  <div className={css["lines"]}>
                    <span>
                      <StatusTag tone={tones[row.state]}>{requestStateLabels[row.state]}</StatusTag>
                    </span>
                    <span className="caption">
                      {[row.decidedBy, row.answer, row.keptUntil ? `保存到 ${row.keptUntil}` : ""]
                        .filter(Boolean)
                        .join("；")}
                    </span>
                  </div>
                ),
            },
            {
              key: "acts",
              title: "操作",
              width: 90,
              render: (row) =>
                row.state === "waiting" ? (
                  <Button size="small" type="primary" onClick={() => setChosen(row)}>
                    办理
                  </Button>
                ) : (
                  <span className="caption">—</span>
                ),
            },
          ]}
          empty={{ title: "没有删除申请", hint: "群众在手机上申请删除自己的信息后，会在这里等待办理。" }}
        />
      </Card>
      {chosen ? <Decide row={chosen} onClose={() => setChosen(null)} /> : null}
    </>
  );
}

function Decide({ row, onClose }: { row: RequestRow; onClose: () => void }) {
  const keeps = useRoute(whatKeepsRequest, { requestId: row.requestId });
  const [answer, setAnswer] = useState("");
  const refresh = useRefresh();
  const toast = useToast();
  const must = keeps.data === undefined || keeps.data.kept.length > 0 || keeps.data.held.length > 0;
  return (
    <ConfirmAct
      open
      title={`办理删除申请：${row.personName ?? ""}`}
      changes={must ? [] : [{ count: 1, unit: "人", what: "的全部信息被删除" }]}
      undo={must ? "不同意时，本人会看到理由和保存到哪一天。" : "删除不能撤销。月度数字不变，但再也认不出是谁。"}
      confirm={must ? "不同意，答复本人" : "同意，删除全部信息"}
      danger={!must}
      disabled={keeps.data === undefined || answer.trim().length < 4}
      onConfirm={async () => {
        await call(decideRequest, { requestId: row.requestId, act: must ? "refuse" : "approve", answer });
        toast.done(must ? "已答复本人。" : "已同意，正在删除。");
        await refresh([listRequests]);
      }}
      onClose={onClose}
    >
      <p>申请理由：{row.reason}</p>
      <Answer query={keeps}>
        {({ kept, held, until }) =>
          must ? (
            <>
              <p>
                <b>{until ? `依法还须保存到 ${until}，现在不能删除：` : "现在不能删除："}</b>
              </p>
              <ul>
                {kept.map(({ title, until: day }) => (
                  <li key={title}>
                    {title}：{day ? `保存到 ${day}` : "还没有结束"}
                  </li>
                ))}
                {held.map((label) => (
                  <li key={label}>{label}，须先办结</li>
                ))}
              </ul>
            </>
          ) : (
            <p>没有依法还须保存的记录，也没有未办结的事项，可以删除。</p>
          )
        }
      </Answer>
      <Field label="答复本人">
        <Input.TextArea
          aria-label="答复"
          placeholder="理由，至少 4 个字"
          rows={3}
          maxLength={300}
          value={answer}
          onChange={(event) => setAnswer(event.target.value)}
        />
      </Field>
    </ConfirmAct>
  );
}
