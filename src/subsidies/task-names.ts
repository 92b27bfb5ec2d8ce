/** Background work of subsidies; the names stand in the queue and in rows that people see. */
export const subsidiesTasks = {
  gather: "subsidies.gather",
  clear: "subsidies.clear",
  history: "subsidies.history",
} as const;
