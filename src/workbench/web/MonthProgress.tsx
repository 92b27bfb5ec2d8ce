import { ledgerPermissions, monthProgress } from "#ledger/contract";
import { Answer, Card, count, EmptyState, lateness, shortMonth, useMay, useRoute, useSession } from "../../ui/index.ts";
import css from "./MonthProgress.module.css";

type Pip = "done" | "half" | "open" | "late";
const pipWords: Record<Pip, string> = { done: "完成", half: "进行中", open: "未开始", late: "逾期" };

/** The month's work ledger by the regions below the officer's: the answer and what to call those regions. */
export function useMonthProgress(month: string) {
  const { region } = useSession();
  const may = useMay(ledgerPermissions.read);
  const query = useRoute(monthProgress, { month }, { enabled: may });
  return {
    ...query,
    may,
    // Digits of the officer's own region: province, prefecture, county, and below.
    unit: region.code.length < 4 ? "市州" : region.code.length < 6 ? "县" : region.code.length === 6 ? "乡镇" : "村",
  };
}

/** A region without anybody on the ledger has nothing to hand over. */
export function owes(region: { received: boolean; known: number }): boolean {
  return region.received || region.known > 0;
}

/** How far the month is, town by town: received, checked, verified, confirmed; who is late stands in red. */
export function MonthProgress({ month }: { month: string }) {
  const { businessDate } = useSession();
  const progress = useMonthProgress(month);
  if (!progress.may) return null;
  const owing = progress.data?.regions.filter(owes) ?? [];
  const done = owing.filter((region) => region.confirmed).length;
  return (
    <Card
      title={`${shortMonth(month)}台账进度`}
      note={progress.data ? `${done} / ${owing.length} ${progress.unit}` : undefined}
      extra={
        <span className={css["legend"]} aria-hidden="true">
          <i className={css["done"]} /> 完成 <i className={css["half"]} /> 进行 <i className={css["late"]} /> 逾期
        </span>
      }
    >
      <Answer query={progress} lines={10}>
        {({ regions: all, dueOn }) => {
          // Where nobody is on the ledger nothing is owed: a row of "0 / 0" would only hide the others.
          const regions = owing.length > 0 ? owing : all;
          if (regions.length === 0)
            return <EmptyState title="这个月还没有人员可报" hint="应用第一份名单后，这里按乡镇显示进度。" />;
          const late = dueOn !== null && lateness(dueOn, businessDate).tone === "late";
          return (
            <table className={css["table"]}>
              <caption className="sr-only">各{progress.unit}本月台账进度</caption>
              <thead>
                <tr>
                  <th scope="col">{progress.unit}</th>
                  <th scope="col">收到</th>
                  <th scope="col">校验</th>
                  <th scope="col">核实</th>
                  <th scope="col">确认</th>
                  <th scope="col">已报 / 应报 人</th>
                </tr>
              </thead>
              <tbody>
                {regions.map((town) => {
                  const missing = late && !town.received;
                  const pips: readonly Pip[] = [
                    town.received ? "done" : missing ? "late" : "open",
                    town.received ? (town.waiting > 0 ? (late ? "late" : "half") : "done") : "open",
                    town.received ? (town.toVerify > 0 ? "half" : "done") : "open",
                    town.confirmed ? "done" : town.received && town.waiting === 0 ? "half" : "open",
                  ];
                  return (
                    <tr key={town.code} className={missing ? css["missing"] : ""}>
                      {/* Within one town its name before every village says nothing. */}
                      <th scope="row">{town.name.split(" ").at(-1)}</th>
                      {pips.map((pip, index) => (
                        // The four stages are fixed; their place is their identity.
                        <td key={index}>
                          <i className={css[pip]} title={pipWords[pip]} />
                          <span className="sr-only">{pipWords[pip]}</span>
                        </td>
                      ))}
                      <td>
                        {town.confirmed && town.reported === town.known
                          ? count(town.known)
                          : `${count(town.reported)} / ${count(town.known)}`}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
              {regions.length < all.length ? (
                <tfoot>
                  <tr>
                    <td colSpan={6}>
                      其余 {all.length - regions.length} 个{progress.unit}没有登记人员
                    </td>
                  </tr>
                </tfoot>
              ) : null}
            </table>
          );
        }}
      </Answer>
    </Card>
  );
}
