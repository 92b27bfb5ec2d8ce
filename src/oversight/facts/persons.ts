/**
 * The day on which the registry came to know that a person has died or moved away: no document dates the event itself, and what was paid
 * for the time after this day was surely paid after it. Null while the person is here.
 */
export const goneOnSql = (person: string): string =>
  `CASE WHEN ${person}.life_state <> 'active' THEN ${person}.recorded_on END`;
