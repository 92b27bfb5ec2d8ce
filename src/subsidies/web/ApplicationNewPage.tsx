import { Button, Checkbox, Input, Radio } from "antd";
import { useState } from "react";
import { find } from "#registry/contract";
import {
  Answer,
  Card,
  EmptyState,
  Field,
  MoneyText,
  PageHeader,
  ProblemNotice,
  StatusTag,
  useAct,
  useAddress,
  useGo,
  useRoute,
} from "../../ui/index.ts";
import {
  applicationWayLabels,
  applicationWays,
  beginForPerson,
  offerKindLabels,
  offersForPerson,
  type ApplicationWay,
  type Offer,
} from "../contract.ts";
import { offerTones } from "./words.ts";
import css from "./subsidies.module.css";

type OfficeWay = Exclude<ApplicationWay, "self">;
const WAYS = applicationWays.filter((way): way is OfficeWay => way !== "self");

/** 代办申请: whom for, what, and on whose word. */
export default function ApplicationNewPage() {
  const [{ person }, change] = useAddress({ person: "" });
  return (
    <>
      <PageHeader
        title="代办申请"
        crumbs={[{ label: "补贴申请", path: "/applications" }, { label: "代办申请" }]}
        note="先找到人，再选项目或一件事；已经登记的不用再填"
      />
      {person === "" ? (
        <FindPerson onFound={(personId) => change({ person: personId }, { replace: false })} />
      ) : (
        <Offered personId={person} onOther={() => change({ person: "" })} />
      )}
    </>
  );
}

function FindPerson({ onFound }: { onFound: (personId: string) => void }) {
  const [text, setText] = useState("");
  const search = useAct(find, { refreshes: [] });
  return (
    <Card title="给谁申请" padded>
      <Input.Search
        aria-label="姓名、身份证号或手机号"
        placeholder="姓名、身份证号或手机号"
        enterButton="查找"
        maxLength={60}
        value={text}
        loading={search.isPending}
        onChange={(event) => setText(event.target.value)}
        onSearch={(wanted) => {
          if (wanted.trim().length >= 2) search.mutate({ text: wanted.trim() });
        }}
      />
      {search.error ? <ProblemNotice problem={search.error} compact /> : null}
      {search.data?.persons.length === 0 ? (
        <EmptyState title="辖区内没有找到此人" hint="户籍在外地的，请用“代收外地申请”。" />
      ) : null}
      <ul className={css["hits"]}>
        {(search.data?.persons ?? []).map((one) => (
          <li key={one.personId}>
            <span>
              <b>{one.name}</b> {one.identityMask}
              <span className={css["sub"]}>{one.home.fullName}</span>
            </span>
            <Button onClick={() => onFound(one.personId)}>为{one.name}申请</Button>
          </li>
        ))}
      </ul>
      {search.data?.more ? <p className="caption">还有更多，请写全姓名或用身份证号查找。</p> : null}
    </Card>
  );
}

function Offered({ personId, onOther }: { personId: string; onOther: () => void }) {
  const query = useRoute(offersForPerson, { personId });
  const go = useGo();
  const [rules, setRules] = useState<readonly string[]>([]);
  const [bundle, setBundle] = useState("");
  const [way, setWay] = useState<OfficeWay>("counter");
  const [agent, setAgent] = useState("");
  const begin = useAct(beginForPerson, {
    refreshes: [],
    onDone: ({ applicationId }) => go(`/applications/${applicationId}`),
  });
  const chosen = bundle !== "" || rules.length > 0;
  return (
    <Answer query={query} lines={8}>
      {(data) => (
        <div className={css["columns"]}>
          <div className={css["stack"]}>
            {data.bundles.length > 0 ? (
              <Card title="一件事" note="一次填报，凡这件事打开的项目一并申请" padded>
                <ul className={css["offers"]}>
                  {data.bundles.map((one) => (
                    <li key={one.bundle}>
                      <Checkbox
                        aria-label={one.title}
                        checked={bundle === one.bundle}
                        onChange={(event) => {
                          setBundle(event.target.checked ? one.bundle : "");
                          setRules([]);
                        }}
                      />
                      <b>{one.title}</b>
                      <span>{one.measures.length} 项</span>
                      <span className={css["sub"]}>
                        {one.about}：{one.measures.map(({ title }) => title).join("、")}
                      </span>
                    </li>
                  ))}
                </ul>
              </Card>
            ) : null}
            <Card title="单项" padded>
              {data.measures.length === 0 ? (
                <EmptyState title="没有此人可申请的项目" hint="各地在执行期内的项目见政策清单。" />
              ) : (
                <ul className={css["offers"]}>
                  {data.measures.map((offer) => (
                    <OfferRow
                      key={offer.rule}
                      offer={offer}
                      checked={rules.includes(offer.rule)}
                      onChange={(checked) => {
                        setBundle("");
                        setRules(checked ? [...rules, offer.rule] : rules.filter((one) => one !== offer.rule));
                      }}
                    />
                  ))}
                </ul>
              )}
            </Card>
          </div>
          <div className={css["stack"]}>
            <Card title="申请人" padded>
              <dl className={css["facts"]}>
                <dt>姓名</dt>
                <dd>
                  <b>{data.name}</b>
                </dd>
                <dt>证件</dt>
                <dd>{data.identityMask}</dd>
                <dt>户籍</dt>
                <dd>{data.home}</dd>
              </dl>
              <Button type="link" size="small" onClick={onOther}>
                换一个人
              </Button>
            </Card>
            <Card title="由谁代填" padded>
              <Radio.Group
                aria-label="办理方式"
                value={way}
                onChange={(event) => setWay(event.target.value as OfficeWay)}
                options={WAYS.map((value) => ({ value, label: applicationWayLabels[value] }))}
                style={{ display: "flex", flexDirection: "column", gap: 8, marginBottom: 12 }}
              />
              <Field
                label="凭据"
                hint={
                  way === "authorised" ? "须先在本人档案页登记代办授权" : "写明当面核对了什么，随申请和补贴件一直保存"
                }
              >
                <Input
                  value={agent}
                  maxLength={200}
                  placeholder={way === "visit" ? "如：到户上门，已核身份证" : "如：柜台本人在场，已核身份证"}
                  onChange={(event) => setAgent(event.target.value)}
                />
              </Field>
              {begin.error ? <ProblemNotice problem={begin.error} compact /> : null}
              <Button
                type="primary"
                block
                className={css["field"] ?? ""}
                disabled={!chosen || agent.trim().length < 2}
                loading={begin.isPending}
                onClick={() =>
                  begin.mutate({
                    personId,
                    way,
                    agent: agent.trim(),
                    ...(bundle ? { bundle } : { rules: [...rules] }),
                  })
                }
              >
                开始填报
              </Button>
              {chosen ? null : <p className="caption">请先在左边选一件事或至少一项。</p>}
            </Card>
          </div>
        </div>
      )}
    </Answer>
  );
}

function OfferRow({
  offer,
  checked,
  onChange,
}: {
  offer: Offer;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  return (
    <li>
      <Checkbox
        aria-label={offer.title}
        checked={checked}
        disabled={offer.kind === "refused" || offer.kind === "running"}
        onChange={(event) => onChange(event.target.checked)}
      />
      <span>
        {offer.title} <StatusTag tone={offerTones[offer.kind]}>{offerKindLabels[offer.kind]}</StatusTag>
      </span>
      <span>{offer.amountFen === null ? "" : <MoneyText fen={offer.amountFen} />}</span>
      {offer.why.length > 0 ? <span className={css["sub"]}>{offer.why.join("；")}</span> : null}
    </li>
  );
}
