/** A full place name without what the officer's own area makes plain: 湖南省…花垣县双龙镇 → 花垣县双龙镇 for the county's administrator. */
export function placeWithin(fullName: string, own: { name: string }): string {
  const at = fullName.indexOf(own.name);
  if (at < 0) return fullName;
  const below = fullName.slice(at + own.name.length);
  return below === "" ? own.name : below;
}
