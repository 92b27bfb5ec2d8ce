import { Answer, count, useRoute } from "../../ui/index.ts";
import type { OutputOf } from "../../platform/contract.ts";
import { countDifferences, differenceKindLabels, differenceKinds } from "../contract.ts";
import { differenceColours } from "./words.ts";
import css from "./RegionTree.module.css";

type RegionCount = OutputOf<typeof countDifferences>["regions"][number];

export interface RegionTreeProps {
  batchId: string;
  total: number;
  /** Chosen town or village; "" for all. */
  chosen: string;
  onChoose: (region: string) => void;
}

/** Towns with their differences as stacked bars; a town opens to its villages. */
export function RegionTree({ batchId, total, chosen, onChoose }: RegionTreeProps) {
  const towns = useRoute(countDifferences, { batchId });
  return (
    <nav aria-label="按乡镇、村筛选" className={css["tree"]}>
      <div className={css["head"]}>
        <b>按乡镇、村</b>
        <span className="caption">差异数</span>
      </div>
      <button
        type="button"
        className={`${css["row"]} ${css["all"]} ${chosen === "" ? css["chosen"] : ""}`}
        aria-pressed={chosen === ""}
        onClick={() => onChoose("")}
      >
        <span>全部</span>
        <span />
        <span className={css["count"]}>{count(total)}</span>
      </button>
      <Answer query={towns} lines={8}>
        {({ regions }) => {
          const most = Math.max(1, ...regions.map((region) => region.total));
          return (
            <ul>
              {regions.map((region) => {
                // The chosen town, or the town of the chosen village, stands open; also when the address came from a link.
                const open = chosen.startsWith(region.code);
                return (
                  <li key={region.code}>
                    <RegionRow
                      region={region}
                      most={most}
                      chosen={chosen === region.code}
                      expanded={open}
                      onChoose={() => onChoose(chosen === region.code ? "" : region.code)}
                    />
                    {open ? (
                      <Villages batchId={batchId} town={region.code} chosen={chosen} onChoose={onChoose} />
                    ) : null}
                  </li>
                );
              })}
            </ul>
          );
        }}
      </Answer>
    </nav>
  );
}

function Villages({
  batchId,
  town,
  chosen,
  onChoose,
}: {
  batchId: string;
  town: string;
  chosen: string;
  onChoose: (region: string) => void;
}) {
  const villages = useRoute(countDifferences, { batchId, under: town });
  if (!villages.data) return null;
  const most = Math.max(1, ...villages.data.regions.map((region) => region.total));
  return (
    <ul className={css["villages"]}>
      {villages.data.regions.map((region) => (
        <li key={region.code}>
          <RegionRow
            region={region}
            most={most}
            chosen={chosen === region.code}
            onChoose={() => onChoose(region.code)}
          />
        </li>
      ))}
    </ul>
  );
}

function RegionRow({
  region,
  most,
  chosen,
  expanded,
  onChoose,
}: {
  region: RegionCount;
  most: number;
  chosen: boolean;
  expanded?: boolean;
  onChoose: () => void;
}) {
  const parts = differenceKinds
    .map((kind) => ({ kind, total: region.kinds[kind] ?? 0 }))
    .filter((part) => part.total > 0);
  const words = parts.map((part) => `${differenceKindLabels[part.kind]} ${part.total}`).join("，");
  return (
    <button
      type="button"
      className={`${css["row"]} ${chosen ? css["chosen"] : ""}`}
      aria-pressed={chosen}
      {...(expanded === undefined ? {} : { "aria-expanded": expanded })}
      aria-label={`${region.name}，${region.total} 处差异：${words}`}
      title={words}
      onClick={onChoose}
    >
      <span className={css["name"]}>{region.name}</span>
      <span className={css["bar"]} style={{ width: `${Math.max(4, (region.total / most) * 100)}%` }} aria-hidden="true">
        {parts.map((part) => (
          <i key={part.kind} style={{ flexGrow: part.total, background: differenceColours[part.kind] }} />
        ))}
      </span>
      <span className={css["count"]}>{count(region.total)}</span>
    </button>
  );
}
