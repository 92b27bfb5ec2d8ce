import { Button, Checkbox, Input, Radio } from "antd";
import { useState } from "react";
import {
  Card,
  EmptyState,
  Field,
  Loading,
  PageHeader,
  ProblemNotice,
  RegionPicker,
  useAct,
  useGo,
  useRoute,
} from "../../ui/index.ts";
import { applicationWayLabels, beginElsewhere, offersElsewhere } from "../contract.ts";
import css from "./subsidies.module.css";

const COUNTY_DIGITS = 6;

/** 跨省通办、跨县通办: taken here for a county that pays. Whether that county knows the person is for its office to see. */
export default function ApplicationElsewherePage() {
  const go = useGo();
  const [given, setGiven] = useState({ name: "", identity: "", paysRegion: "", agent: "" });
  const [way, setWay] = useState<"counter" | "visit">("counter");
  const [rules, setRules] = useState<readonly string[]>([]);
  const county = given.paysRegion.length >= COUNTY_DIGITS ? given.paysRegion.slice(0, COUNTY_DIGITS) : "";
  const offered = useRoute(offersElsewhere, { region: county || "000000" }, { enabled: county !== "" });
  const begin = useAct(beginElsewhere, {
    refreshes: [],
    onDone: ({ applicationId }) => go(`/applications/${applicationId}`),
  });
  const lacks = [
    given.name.trim().length < 2 && "姓名",
    given.identity.trim().length !== 18 && "18 位公民身份号码",
    county === "" && "由哪里办理",
    rules.length === 0 && "申请什么",
    given.agent.trim().length < 2 && "凭据",
  ].filter((one) => one !== false);
  return (
    <>
      <PageHeader
        title="代收外地申请"
        crumbs={[{ label: "补贴申请", path: "/applications" }, { label: "代收外地申请" }]}
        note="本地窗口收件，转给发放的县（市、区）办理；这里看得到进度，看不到对方的案卷"
      />
      <div className={css["columns"]}>
        <div className={css["stack"]}>
          <Card title="申请人" note="照身份证填写，证件号码只给办理的县（市、区）" padded>
            <div className={css["form"]}>
              <Field label="姓名">
                <Input
                  value={given.name}
                  maxLength={30}
                  onChange={(event) => setGiven({ ...given, name: event.target.value })}
                />
              </Field>
              <Field label="公民身份号码">
                <Input
                  value={given.identity}
                  maxLength={18}
                  onChange={(event) => setGiven({ ...given, identity: event.target.value })}
                />
              </Field>
              <Field label="由哪里办理">
                <RegionPicker
                  label="由哪里办理"
                  root=""
                  value={given.paysRegion}
                  onChange={(paysRegion) => {
                    setGiven({ ...given, paysRegion });
                    setRules([]);
                  }}
                />
              </Field>
            </div>
          </Card>
          <Card title="申请什么" padded>
            {county === "" ? (
              <EmptyState title="先选办理的县（市、区）" hint="选到县一级，再列出当地在执行期内的项目。" />
            ) : offered.error ? (
              <ProblemNotice problem={offered.error} />
            ) : offered.data ? (
              <ul className={css["offers"]}>
                {offered.data.measures.map((one) => (
                  <li key={one.rule}>
                    <Checkbox
                      aria-label={one.title}
                      checked={rules.includes(one.rule)}
                      onChange={(event) =>
                        setRules(
                          event.target.checked ? [...rules, one.rule] : rules.filter((rule) => rule !== one.rule),
                        )
                      }
                    />
                    <span>{one.title}</span>
                  </li>
                ))}
              </ul>
            ) : (
              <Loading lines={4} />
            )}
          </Card>
        </div>
        <Card title="由谁代填" padded>
          <Radio.Group
            aria-label="办理方式"
            value={way}
            onChange={(event) => setWay(event.target.value as "counter" | "visit")}
            options={(["counter", "visit"] as const).map((value) => ({ value, label: applicationWayLabels[value] }))}
            style={{ display: "flex", flexDirection: "column", gap: 8, marginBottom: 12 }}
          />
          <Field label="凭据" hint="写明当面核对了什么">
            <Input
              value={given.agent}
              maxLength={200}
              placeholder="如：柜台本人在场，已核身份证"
              onChange={(event) => setGiven({ ...given, agent: event.target.value })}
            />
          </Field>
          {lacks.length > 0 ? <p className="caption">还要填写：{lacks.join("、")}</p> : null}
          {begin.error ? <ProblemNotice problem={begin.error} compact /> : null}
          <Button
            type="primary"
            block
            className={css["field"] ?? ""}
            disabled={lacks.length > 0}
            loading={begin.isPending}
            onClick={() =>
              begin.mutate({
                name: given.name.trim(),
                identity: given.identity.trim(),
                paysRegion: county,
                rules: [...rules],
                way,
                agent: given.agent.trim(),
              })
            }
          >
            开始填报
          </Button>
        </Card>
      </div>
    </>
  );
}
