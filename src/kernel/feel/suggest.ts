/** Names nearest to a mistaken one, at most three, best first: by edit distance over characters, and by shared last part. */
export function suggest(wrong: string, names: readonly string[]): readonly string[] {
  const last = (name: string) => name.slice(name.lastIndexOf(".") + 1);
  return names
    .map((name) => ({ name, distance: Math.min(distance(wrong, name), last(wrong) === last(name) ? 1 : Infinity) }))
    .filter((found) => found.distance <= Math.max(1, Math.floor(wrong.length / 2)))
    .toSorted((a, b) => a.distance - b.distance)
    .slice(0, 3)
    .map(({ name }) => name);
}

function distance(a: string, b: string): number {
  const [from, to] = [[...a], [...b]];
  let row = to.map((_, index) => index + 1);
  for (const [i, character] of from.entries()) {
    const next: number[] = [];
    for (const [j, other] of to.entries()) {
      const diagonal = j === 0 ? i : row[j - 1]!;
      const left = j === 0 ? i + 1 : next[j - 1]!;
      next.push(Math.min(diagonal + (character === other ? 0 : 1), row[j]! + 1, left + 1));
    }
    row = next;
  }
  return row.at(-1) ?? from.length;
}

export const orNot = (names: readonly string[]): string =>
  names.length === 0 ? "" : `是否应为${names.map((name) => `“${name}”`).join("、")}？`;
