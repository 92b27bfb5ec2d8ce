import { Button, Input, Radio } from "antd";
import { useState } from "react";
import type { OutputOf } from "../../platform/contract.ts";
import {
  Answer,
  call,
  Card,
  ConfirmAct,
  DueText,
  Link,
  May,
  PageHeader,
  useGo,
  usePathPart,
  useRefresh,
  useRoute,
  useToast,
} from "../../ui/index.ts";
import {
  duplicatesPermissions,
  getPair,
  pairKindLabels,
  proposeMerge,
  requestForPair,
  swapNumbers,
  whySecondLabels,
} from "../contract.ts";
import { DifferButton } from "./PairsPage.tsx";
import { ContactWords, PairTag, ScoreTag } from "./words.tsx";
import css from "./duplicates.module.css";

type PairPageData = OutputOf<typeof getPair>;
const NOTE_LEAST = 2;
const EVERY_MS = 1500;

/** Two records side by side: what differs, why they are thought one, which stays and whose cells. */
export default function PairPage() {
  const pairId = usePathPart("pairId");
  const query = useRoute(
    getPair,
    { pairId },
    {
      every: (data) =>
        data?.merges.some(({ state }) => state === "working" || state === "undoing") ? EVERY_MS : false,
    },
  );
  return <Answer query={query}>{(page) => <PairView key={page.pair.state} page={page} />}</Answer>;
}

function PairView({ page }: { page: PairPageData }) {
  const { pair, sides, thresholds } = page;
  const title = sides.map(({ name }) => name).join(" 与 ") || "疑似重复";
  return (
    <>
      <PageHeader
        title={title}
        crumbs={[{ label: "重复档案", path: "/duplicates" }, { label: title }]}
        note={pairKindLabels[pair.kind]}
        tags={<PairTag state={pair.state} />}
        actions={pair.state === "open" ? <DueText due={pair.dueOn} /> : null}
      />
      <div className={css["stack"]}>
        <Card
          title="为什么列出"
          note={`${thresholds.upper} 分以上建议合并，${thresholds.lower} 至 ${thresholds.upper - 1} 分由人判断`}
          extra={<ScoreTag score={pair.score} band={pair.band} />}
        >
          <ul className={css["reasons"]}>
            {pair.reasons.map(({ label, weight }) => (
              <li key={label}>
                {label}{" "}
                <span className="caption">
                  {weight > 0 ? "+" : ""}
                  {weight}
                </span>
              </li>
            ))}
          </ul>
        </Card>
        {pair.state === "open" ? null : <Settled page={page} />}
        <Compared page={page} />
      </div>
    </>
  );
}

function Settled({ page: { pair, merges, transferId } }: { page: PairPageData }) {
  const merge = merges[0];
  return (
    <Card title="办理情况" padded>
      {pair.decidedByName ? (
        <p>
          {pair.decidedByName}：{pair.decisionNote}
        </p>
      ) : null}
      {merge ? (
        <p>
          <Link to={`/duplicates/merges`}>查看这次合并</Link>
        </p>
      ) : null}
      {transferId ? (
        <p>
          <Link to="/transfers?box=sent">查看跨县转移</Link>
        </p>
      ) : null}
      {!merge && !transferId && !pair.decidedByName ? (
        <p className="secondary">{pair.decisionNote ?? "已办结"}</p>
      ) : null}
    </Card>
  );
}

/** The records, field by field; where both are at hand and open, with the choice of what stays. */
function Compared({ page }: { page: PairPageData }) {
  const { pair, sides, columns, choices } = page;
  const [survivor, setSurvivor] = useState(page.proposedSurvivor ?? "");
  const [taken, setTaken] = useState<Readonly<Record<string, string>>>(
    Object.fromEntries(choices.map(({ field, proposed }) => [field, proposed])),
  );
  const merging = pair.state === "open" && pair.kind === "duplicate" && sides.length === 2;
  const heads = [...sides.map((side) => side.personId), ...(pair.other ? [pair.other.county.code] : [])];
  return (
    <Card title="两份档案" note="不同之处加底色；合并后另一份的务工、参保、补贴等记录全部归到保留的档案">
      <table className={css["table"]}>
        <caption className="sr-only">两份档案逐项对照</caption>
        <thead>
          <tr>
            <th scope="col">项目</th>
            {sides.map((side, index) => (
              <th key={side.personId} scope="col">
                {merging ? (
                  <Radio
                    checked={survivor === side.personId}
                    onChange={() => setSurvivor(side.personId)}
                    aria-label={`保留第 ${index + 1} 份`}
                  >
                    保留这份
                  </Radio>
                ) : (
                  `第 ${index + 1} 份`
                )}{" "}
                <Link to={`/persons/${side.personId}`}>一人一档</Link>
              </th>
            ))}
            {pair.other ? <th scope="col">外县档案</th> : null}
          </tr>
        </thead>
        <tbody>
          {pair.other ? (
            <tr>
              <th scope="row">所在县</th>
              <td data-side="本县">{sides[0]?.home.fullName}</td>
              <td data-side="外县">
                <ContactWords contact={pair.other} />
                <span className="caption">外县档案的内容不在本县显示，请与联系人核对</span>
              </td>
            </tr>
          ) : null}
          {columns.map((column) => (
            <tr key={column.field} className={column.differs ? css["differs"] : ""}>
              <th scope="row">{column.label}</th>
              {column.values.map((value, index) => {
                const personId = sides[index]!.personId;
                const words = (
                  <>
                    {value ?? <span className="caption">（空）</span>}
                    {value === null ? null : <span className="caption">　{column.sources[index]}</span>}
                  </>
                );
                return (
                  <td key={personId} data-side={`第 ${index + 1} 份`}>
                    {merging && column.field in taken ? (
                      <Radio
                        checked={taken[column.field] === personId}
                        onChange={() => setTaken({ ...taken, [column.field]: personId })}
                        aria-label={`${column.label}取第 ${index + 1} 份`}
                      >
                        {words}
                      </Radio>
                    ) : (
                      words
                    )}
                  </td>
                );
              })}
              {pair.other ? <td data-side="外县">—</td> : null}
            </tr>
          ))}
          <tr>
            <th scope="row">身份类别</th>
            {sides.map((side, index) => (
              <td key={side.personId} data-side={`第 ${index + 1} 份`}>
                {side.categories.join("、") || <span className="caption">（空）</span>}
              </td>
            ))}
            {pair.other ? <td data-side="外县">—</td> : null}
          </tr>
          <tr>
            <th scope="row">名下记录</th>
            {sides.map((side, index) => (
              <td key={side.personId} data-side={`第 ${index + 1} 份`}>
                {side.rows.map((row) => `${row.title} ${row.count} 条`).join("、") || "没有其他记录"}
                {side.currentWork ? <div className="caption">在务工：{side.currentWork}</div> : null}
              </td>
            ))}
            {pair.other ? <td data-side="外县">—</td> : null}
          </tr>
        </tbody>
      </table>
      {pair.state === "open" ? (
        <div className={css["acts"]} key={heads.join()}>
          <PairActs page={page} survivor={survivor} taken={taken} />
        </div>
      ) : null}
    </Card>
  );
}

type Act = "merge" | "swap" | "in" | "out";

function PairActs({
  page,
  survivor,
  taken,
}: {
  page: PairPageData;
  survivor: string;
  taken: Readonly<Record<string, string>>;
}) {
  const { pair, sides } = page;
  const [act, setAct] = useState<Act | null>(null);
  const [note, setNote] = useState("");
  const refresh = useRefresh();
  const go = useGo();
  const toast = useToast();
  const loser = sides.find(({ personId }) => personId !== survivor);
  const rows = loser?.rows.reduce((sum, row) => sum + row.count, 0) ?? 0;
  const words = wordsOf(page, loser?.name ?? "", rows);
  const run = async () => {
    const text = note.trim();
    if (act === "merge") {
      const cells = Object.fromEntries(
        Object.entries(taken).map(([field, person]) => [field, person === survivor ? "survivor" : "loser"] as const),
      );
      const { state } = await call(proposeMerge, { pairId: pair.pairId, survivorId: survivor, cells, note: text });
      toast.done(state === "proposed" ? "已提出合并，等待另一名经办人员复核。" : "已开始合并。");
    } else if (act === "swap") {
      await call(swapNumbers, { pairId: pair.pairId, note: text });
      toast.done("两人的证件号码已互换。");
    } else {
      await call(requestForPair, { pairId: pair.pairId, keeps: act === "in" ? "asking" : "asked", note: text });
      toast.done("已向对方县提出，等待答复。");
      go("/transfers?box=sent");
    }
    await refresh();
  };
  return (
    <>
      {pair.kind === "swapped" ? (
        <May permission={duplicatesPermissions.merge}>
          <Button type="primary" disabled={sides.length < 2} onClick={() => setAct("swap")}>
            互换证件号码
          </Button>
        </May>
      ) : pair.other ? (
        <May permission={duplicatesPermissions.transfer}>
          <Button type="primary" onClick={() => setAct("in")}>
            申请转入本县
          </Button>
          <Button onClick={() => setAct("out")}>申请转到对方县</Button>
        </May>
      ) : (
        <May permission={duplicatesPermissions.merge}>
          <Button type="primary" disabled={survivor === ""} onClick={() => setAct("merge")}>
            合并为一份
          </Button>
        </May>
      )}
      <May permission={duplicatesPermissions.merge}>
        <DifferButton pairIds={[pair.pairId]} size="middle" onDone={() => {}} />
      </May>
      {act === null ? null : (
        <ConfirmAct
          open
          {...words[act]}
          disabled={note.trim().length < NOTE_LEAST}
          onClose={() => setAct(null)}
          onConfirm={run}
        >
          <Input
            aria-label="办理依据"
            placeholder="办理依据，如：核对户口簿和身份证原件"
            maxLength={200}
            value={note}
            onChange={(event) => setNote(event.target.value)}
          />
        </ConfirmAct>
      )}
    </>
  );
}

/** What each act will change, in numbers. */
function wordsOf({ pair, sides, whySecond }: PairPageData, loserName: string, rows: number) {
  const county = pair.other?.county.name ?? "";
  return {
    merge: {
      title: "合并为一份",
      changes: [
        { count: 1, unit: "份", what: `档案不再单列：${loserName}，证件号码仍可查到保留的档案` },
        { count: rows, unit: "条", what: "记录归到保留的档案" },
      ],
      undo: whySecond
        ? `${whySecondLabels[whySecond]}，须另一名经办人员复核后生效；生效后可撤销。`
        : "可在“档案合并记录”中撤销，恢复成两份。",
      confirm: whySecond ? "提交复核" : "合并",
    },
    swap: {
      title: "互换证件号码",
      changes: [{ count: sides.length, unit: "人", what: "证件号码对调，其他内容不变" }],
      undo: "改动前后的值记入变更记录。",
      confirm: "互换",
    },
    in: {
      title: `申请转入本县`,
      changes: [{ count: 1, unit: "份", what: `${county}的档案并入本县档案，户籍地在本县` }],
      undo: `${county}同意后生效；未答复前可撤回。`,
      confirm: "提出申请",
    },
    out: {
      title: "申请转到对方县",
      changes: [{ count: 1, unit: "份", what: `本县档案并入${county}的档案，户籍地在${county}` }],
      undo: `${county}同意后生效；未答复前可撤回。`,
      confirm: "提出申请",
    },
  } as const;
}
