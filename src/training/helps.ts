import type { HelpSource } from "#registry";

/** Help to persons that this domain keeps, with the day on which it was given. */
export const trainingHelps: readonly HelpSource[] = [
  {
    label: "培训报名",
    rows: `SELECT n.person_id, c.started_on AS given_on, c.name AS detail FROM training.enrolment n JOIN training.training_class c USING (class_id)`,
  },
];
