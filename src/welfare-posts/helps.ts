import type { HelpSource } from "#registry";

/** Help to persons that this domain keeps, with the day on which it was given. */
export const welfarePostsHelps: readonly HelpSource[] = [
  {
    label: "公益性岗位安置",
    rows: `SELECT p.person_id, p.started_on AS given_on, w.name AS detail FROM welfare_posts.placement p JOIN welfare_posts.welfare_post w USING (post_id)`,
  },
];
