import { Button, Input, Tabs } from "antd";
import { lazy, Suspense, useRef, useState } from "react";
import {
  Answer,
  Card,
  EmptyState,
  Icon,
  Link,
  Loading,
  PageHeader,
  ProblemNotice,
  StatusTag,
  useAct,
  useAddress,
  useGo,
  usePathPart,
  useRoute,
  useToast,
} from "../../ui/index.ts";
import { nextState } from "../../platform/contract.ts";
import {
  getRule,
  getVocabulary,
  listRules,
  saveDraft,
  versionFlow,
  versionStateLabels,
  type RuleProblemRow,
  type RuleView,
} from "../contract.ts";
import { casesFile, NEW_RULE } from "./draft-text.ts";
import { DraftResults } from "./DraftResults.tsx";
import { useChecked, type DraftText } from "./use-draft.ts";
import css from "./EditorPage.module.css";

const YamlEditor = lazy(() => import("./YamlEditor.tsx"));
const ConditionsForm = lazy(() => import("./ConditionsForm.tsx"));
const YamlDiff = lazy(() => import("./YamlDiff.tsx"));

/** Writes a rule: a draft that exists, a new version of a rule (`?from=`), or a new rule. */
export default function EditorPage() {
  const versionId = usePathPart("versionId");
  const [{ from }] = useAddress({ from: "" });
  const shown = versionId || from;
  const rule = useRoute(getRule, { versionId: shown }, { enabled: shown !== "" });
  if (shown === "") return <Writing key="new" draft={null} base={null} />;
  return (
    <Answer query={rule}>
      {(found) =>
        versionId === "" ? (
          <Writing key={`from ${from}`} draft={null} base={found} />
        ) : nextState(versionFlow, found.state, "save") === null ? (
          <>
            <PageHeader
              title={found.title}
              crumbs={[
                { label: "规则库", path: "/rules" },
                { label: found.title, path: `/rules/${versionId}` },
                { label: "编辑" },
              ]}
            />
            <Card>
              <EmptyState
                title={`这个版本现在是“${versionStateLabels[found.state]}”，不能再改`}
                hint="退回修改后可以继续编辑；已发布的版本请起草新版本。"
                action={<Link to={`/rules/${versionId}`}>看这个版本</Link>}
              />
            </Card>
          </>
        ) : (
          <Draft key={versionId} draft={found} />
        )
      }
    </Answer>
  );
}

/** A draft with the version it is based on, for the comparison. */
function Draft({ draft }: { draft: RuleView }) {
  const base = useRoute(getRule, { versionId: draft.basedOn ?? "" }, { enabled: draft.basedOn !== null });
  if (draft.basedOn === null) return <Writing draft={draft} base={null} />;
  return <Answer query={base}>{(found) => <Writing draft={draft} base={found} />}</Answer>;
}

const PATH_HINT = "policies/measures/编号/六位区划.yaml；换一个版本名（如 430000-2026.yaml）可与原版本前后衔接。";

function Writing({ draft, base }: { draft: RuleView | null; base: RuleView | null }) {
  const go = useGo();
  const toast = useToast();
  const start = draft ?? base;
  const [text, setText] = useState<DraftText>({
    path: start?.path ?? "policies/measures/",
    source: start?.yaml ?? NEW_RULE,
    cases: start?.casesYaml ?? "",
  });
  const [saved, setSaved] = useState(text);
  const [lock, setLock] = useState(draft?.lock ?? 1);
  const [shown, setShown] = useState("rule");
  const [place, setPlace] = useState<RuleProblemRow | null>(null);
  const [personId, setPersonId] = useState<string | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const vocabulary = useRoute(getVocabulary, {}).data;
  const { checked, checking, problem } = useChecked(text, personId);
  const save = useAct(saveDraft, {
    refreshes: [listRules],
    onDone: (kept) => {
      setSaved(text);
      setLock(kept.lock);
      toast.done("草稿已保存。");
      if (!draft) go(`/rules/${kept.versionId}/edit`, { replace: true });
    },
  });
  const change = (part: Partial<DraftText>) => setText((before) => ({ ...before, ...part }));
  const changed = text.path !== saved.path || text.source !== saved.source || text.cases !== saved.cases;
  const inCases = casesFile(text.path);
  const problemsIn = (name: string) => (checked?.problems ?? []).filter((one) => one.file === name);
  const open = (one: RuleProblemRow) => {
    setShown(one.file === inCases ? "cases" : "rule");
    setPlace({ ...one });
  };
  const title = start?.title ?? "新规则";
  return (
    <>
      <PageHeader
        title={draft ? `编辑：${title}` : base ? `起草新版本：${title}` : "起草新规则"}
        crumbs={[
          { label: "规则库", path: "/rules" },
          ...(start ? [{ label: title, path: `/rules/${start.versionId}` }] : []),
          { label: draft ? "编辑" : "起草" },
        ]}
        tags={
          <>
            <StatusTag tone="outline">草稿</StatusTag>
            {changed ? <StatusTag tone="soon">有改动未保存</StatusTag> : null}
          </>
        }
        actions={
          <>
            <Button icon={<Icon name="upload" />} onClick={() => file.current?.click()}>
              从文件读入
            </Button>
            {draft ? (
              <Button disabled={changed} onClick={() => go(`/rules/${draft.versionId}`)}>
                去提交发布
              </Button>
            ) : null}
            <Button
              type="primary"
              loading={save.isPending}
              disabled={draft !== null && !changed}
              onClick={() =>
                save.mutate({
                  path: text.path,
                  source: text.source,
                  cases: text.cases.trim() === "" ? null : text.cases,
                  ...(draft ? { versionId: draft.versionId, lock } : base ? { basedOn: base.versionId } : {}),
                })
              }
            >
              保存草稿
            </Button>
          </>
        }
      />
      <input
        ref={file}
        type="file"
        accept=".yaml,.yml"
        hidden
        aria-label="选择规则文件"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          void chosen?.text().then((words) => change(shown === "cases" ? { cases: words } : { source: words }));
          event.target.value = "";
        }}
      />
      {save.error ? <ProblemNotice problem={save.error} title="没有保存" /> : null}
      <div className={css["columns"]}>
        <Card>
          <div className={css["path"]}>
            <span>位置</span>
            <Input
              size="small"
              aria-label="位置"
              maxLength={120}
              value={text.path}
              title={PATH_HINT}
              onChange={(event) => change({ path: event.target.value.trim() })}
            />
          </div>
          <Tabs
            size="small"
            activeKey={shown}
            onChange={setShown}
            tabBarStyle={{ paddingInline: 14, marginBottom: 0 }}
            items={[
              {
                key: "rule",
                label: "规则",
                children: (
                  <div className={css["editor"]}>
                    <Suspense fallback={<Loading lines={12} />}>
                      <YamlEditor
                        label="规则文件"
                        value={text.source}
                        onChange={(source) => change({ source })}
                        problems={problemsIn(text.path)}
                        vocabulary={vocabulary}
                        goTo={shown === "rule" ? place : null}
                      />
                    </Suspense>
                  </div>
                ),
              },
              {
                key: "conditions",
                label: "条件",
                children: (
                  <div className={css["editor"]}>
                    <Suspense fallback={<Loading lines={12} />}>
                      <ConditionsForm
                        source={text.source}
                        onChange={(source) => change({ source })}
                        problems={problemsIn(text.path)}
                        vocabulary={vocabulary}
                        checked={checked}
                        trying={personId !== null}
                        onYaml={() => setShown("rule")}
                      />
                    </Suspense>
                  </div>
                ),
              },
              {
                key: "cases",
                label: "示例",
                children: (
                  <div className={css["editor"]}>
                    <Suspense fallback={<Loading lines={12} />}>
                      <YamlEditor
                        label="示例文件"
                        value={text.cases}
                        onChange={(cases) => change({ cases })}
                        problems={problemsIn(inCases)}
                        vocabulary={vocabulary}
                        goTo={shown === "cases" ? place : null}
                      />
                    </Suspense>
                  </div>
                ),
              },
              ...(base
                ? [
                    {
                      key: "compare",
                      label: `与版本 ${base.versionId} 对照`,
                      children: (
                        <div className={css["editor"]}>
                          {shown === "compare" ? (
                            <Suspense fallback={<Loading lines={12} />}>
                              <YamlDiff before={base.yaml} after={text.source} />
                            </Suspense>
                          ) : null}
                        </div>
                      ),
                    },
                  ]
                : []),
            ]}
          />
        </Card>
        <DraftResults
          checked={checked}
          checking={checking}
          problem={problem}
          personId={personId}
          onPerson={setPersonId}
          onOpen={open}
        />
      </div>
    </>
  );
}
