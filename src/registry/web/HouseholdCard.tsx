import { Answer, Card, Link, StatusTag, useRoute } from "../../ui/index.ts";
import { getHousehold, workStateLabels, type PersonPage } from "../contract.ts";
import { workStateTones } from "./words.ts";
import css from "./side.module.css";

export function HouseholdCard({
  household,
  personId,
}: {
  household: NonNullable<PersonPage["household"]>;
  personId: string;
}) {
  const query = useRoute(getHousehold, { householdId: household.householdId });
  return (
    <Card
      title="家庭"
      note={`${household.members} 人，劳力 ${household.labourers} 人`}
      extra={<Link to={`/households/${household.householdId}`}>家庭页 ›</Link>}
    >
      <Answer query={query} lines={3}>
        {(page) => (
          <ul className={css["list"]}>
            {page.members.map((member) => (
              <li key={member.personId}>
                {member.personId === personId ? (
                  <b>{member.name}</b>
                ) : (
                  <Link to={`/persons/${member.personId}`}>{member.name}</Link>
                )}
                <span className="caption">
                  {[member.relationToHead, member.age === null ? null : `${member.age} 岁`].filter(Boolean).join("　")}
                </span>
                <span className={css["end"]}>
                  <StatusTag tone={workStateTones[member.workState]}>{workStateLabels[member.workState]}</StatusTag>
                </span>
              </li>
            ))}
          </ul>
        )}
      </Answer>
    </Card>
  );
}
