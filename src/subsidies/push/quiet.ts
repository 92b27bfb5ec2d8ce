/** Hours of China's clocks between which nothing rings a telephone: from `quietFrom` to before `quietTo`, over midnight too. */
export function isQuiet(hour: number, quietFrom: number, quietTo: number): boolean {
  if (quietFrom === quietTo) return false;
  return quietFrom < quietTo ? hour >= quietFrom && hour < quietTo : hour >= quietFrom || hour < quietTo;
}

/** China has one clock, without summer time. */
export const hourInChina = (now: Date): number => (now.getUTCHours() + 8) % 24;
