/**
 * What stands for somebody or something that the officer's area does not see. In a table that comes back it says nothing: the
 * row keeps what it refers to.
 */
export const UNSEEN = { person: "（外地人员）", employer: "（辖区外单位）", reference: "（辖区外记录）" } as const;

const all: ReadonlySet<string> = new Set(Object.values(UNSEEN));

export function isUnseen(text: string): boolean {
  return all.has(text);
}
