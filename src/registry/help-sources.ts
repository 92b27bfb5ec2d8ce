/**
 * Help that an office has given to a person, as its own domain keeps it: offers, places in classes, placements. Every domain that
 * holds some declares it; who counts the days between finding and helping (`#monitored`) knows none of them.
 */
export interface HelpSource {
  /** In the office's words: 职业介绍. */
  readonly label: string;
  /** SELECT of `person_id`, `given_on` (date) and `detail` (text), one row for each time; row security of its tables holds. */
  readonly rows: string;
}
