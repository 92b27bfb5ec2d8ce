/** `2025-07-09` → 2025年7月9日: as people read a day, on pages and on paper. */
export function dayWords(date: string): string {
  const [year, month, day] = date.split("-").map(Number);
  return `${year}年${month}月${day}日`;
}

/** `2025-07` → 2025年7月. */
export function monthWords(month: string): string {
  const [year, number] = month.split("-").map(Number);
  return `${year}年${number}月`;
}

/** The same of every day within a sentence that a program has put together. */
export const withDayWords = (text: string): string => text.replace(/\d{4}-\d{2}-\d{2}/g, dayWords);
