import { Button } from "antd";
import { useState } from "react";
import {
  Answer,
  Card,
  Icon,
  May,
  PageHeader,
  StatusTag,
  useMay,
  usePathPart,
  usePersonPanels,
  useRefresh,
  useRoute,
  useSession,
} from "../../ui/index.ts";
import { getPerson, registryPermissions, type PersonPage as Page } from "../contract.ts";
import { CategoryBands } from "./CategoryBands.tsx";
import { EditPersonDrawer } from "./EditPersonDrawer.tsx";
import { HouseholdCard } from "./HouseholdCard.tsx";
import { PersonNumber } from "./PersonNumber.tsx";
import { PersonFacts } from "./PersonFacts.tsx";
import { PersonTimeline } from "./PersonTimeline.tsx";
import { RecentMonths } from "./RecentMonths.tsx";
import { ValueOrigins } from "./ValueOrigins.tsx";
import { WaitingComparisons } from "./WaitingComparisons.tsx";
import { categoriesOn, workTag } from "./person-words.ts";
import { categoryLabel } from "./words.ts";
import css from "./PersonPage.module.css";

/** 一人一档: who this is, by what right, what happened when, where each value comes from; other domains add their cards. */
export default function PersonPage() {
  const personId = usePathPart("personId");
  return <Answer query={useRoute(getPerson, { personId })}>{(page) => <Loaded key={personId} page={page} />}</Answer>;
}

function Loaded({ page }: { page: Page }) {
  const { person } = page;
  const { businessDate } = useSession();
  const [editing, setEditing] = useState(false);
  const [calling, setCalling] = useState(false);
  const refresh = useRefresh();
  const mayUnmask = useMay(registryPermissions.unmask);
  const main = usePersonPanels("main");
  const side = usePersonPanels("side");
  const tag = workTag(page);
  const open = page.comparisons.filter((task) => task.state === "open");
  return (
    <>
      <PageHeader
        title={person.name}
        crumbs={[
          { label: "人员与家庭", path: "/persons" },
          { label: person.home.name, path: `/persons?region=${person.home.code}` },
          { label: person.name },
          { label: "一人一档" },
        ]}
        tags={
          <>
            <StatusTag tone={tag.tone}>{tag.words}</StatusTag>
            {categoriesOn(page.categories, businessDate).map((category) => (
              <StatusTag key={category} tone="blue">
                {categoryLabel(category)}
              </StatusTag>
            ))}
          </>
        }
        actions={
          <>
            {mayUnmask && person.phoneMask !== null ? (
              <Button icon={<Icon name="phone" />} aria-expanded={calling} onClick={() => setCalling(!calling)}>
                联系
              </Button>
            ) : null}
            <Button icon={<Icon name="print" />} onClick={() => window.print()}>
              打印
            </Button>
            <May permission={registryPermissions.edit}>
              <Button onClick={() => setEditing(true)}>修改信息</Button>
            </May>
          </>
        }
      />
      {calling ? (
        <Card padded>
          联系电话{"　"}
          <PersonNumber personId={person.personId} field="phone" mask={person.phoneMask} />
        </Card>
      ) : null}
      <PersonFacts page={page} />
      <div className={css["columns"]}>
        <div className={css["main"]}>
          <CategoryBands categories={page.categories} />
          <PersonTimeline page={page} />
          <ValueOrigins values={page.values} />
          {main.map(({ component: Panel }, index) => (
            <Panel key={index} personId={person.personId} />
          ))}
        </div>
        <div className={css["side"]}>
          {open.length > 0 ? <WaitingComparisons tasks={open} /> : null}
          {side.map(({ component: Panel }, index) => (
            <Panel key={index} personId={person.personId} />
          ))}
          {page.household ? <HouseholdCard household={page.household} personId={person.personId} /> : null}
          <RecentMonths page={page} />
        </div>
      </div>
      {editing ? (
        <EditPersonDrawer person={person} onClose={() => setEditing(false)} onSaved={() => void refresh()} />
      ) : null}
    </>
  );
}
