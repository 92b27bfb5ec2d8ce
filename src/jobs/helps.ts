import type { HelpSource } from "#registry";

/** Help to persons that this domain keeps, with the day on which it was given. */
export const jobsHelps: readonly HelpSource[] = [
  {
    label: "职业介绍",
    rows: `SELECT i.person_id, i.introduced_on AS given_on, e.name AS detail FROM jobs.introduction i LEFT JOIN registry.employer e USING (employer_id)`,
  },
];
