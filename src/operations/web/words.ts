const MINUTE = 60;
const HOUR = 3_600;
const DAY = 86_400;

/** 3 分钟前: how long ago something was, for people who look whether it is too long. */
export function ago(seconds: number): string {
  if (seconds < MINUTE) return "刚刚";
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} 分钟前`;
  return seconds < DAY * 2 ? `${Math.floor(seconds / HOUR)} 小时前` : `${Math.floor(seconds / DAY)} 天前`;
}

export function duration(milliseconds: number): string {
  return milliseconds < 1_000 ? `${milliseconds} 毫秒` : `${(milliseconds / 1_000).toFixed(1)} 秒`;
}

/** Longer than this is late: a backup each night, a digest each day, a seal each minute. */
export const LATE = { backup: 26 * HOUR, digest: 26 * HOUR, unsealed: 15 * MINUTE, queue: 10 * MINUTE } as const;
