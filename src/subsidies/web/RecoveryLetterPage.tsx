import { Button } from "antd";
import {
  Answer,
  DownloadButton,
  EmptyState,
  PageHeader,
  download,
  useAddress,
  usePathPart,
  useRoute,
} from "../../ui/index.ts";
import { downloadRecoveryLetter, getRecovery, noticeKindLabels, noticeKinds, type NoticeKind } from "../contract.ts";
import { letterOf, type RecoveryLetter } from "../recovery/letter.ts";
import css from "./subsidies.module.css";

const isKind = (text: string): text is NoticeKind => noticeKinds.some((kind) => kind === text);

/** A letter of a case as it is printed. */
export default function RecoveryLetterPage() {
  const recoveryId = usePathPart("recoveryId");
  const [address] = useAddress({ kind: "notice" });
  const kind = isKind(address.kind) ? address.kind : "notice";
  const query = useRoute(getRecovery, { recoveryId });
  const letter = query.data ? letterOf(kind, query.data) : null;
  return (
    <>
      <div className={css["noPrint"]}>
        <PageHeader
          title={noticeKindLabels[kind]}
          crumbs={[
            { label: "追回", path: "/recoveries" },
            { label: query.data?.number ?? "", path: `/recoveries/${recoveryId}` },
            { label: noticeKindLabels[kind] },
          ]}
          actions={
            letter ? (
              <>
                <DownloadButton start={() => download(downloadRecoveryLetter, { recoveryId, kind })}>
                  DOCX
                </DownloadButton>
                <Button type="primary" onClick={() => window.print()}>
                  打印
                </Button>
              </>
            ) : null
          }
        />
      </div>
      <Answer query={query} lines={12}>
        {() =>
          letter ? (
            <Sheet letter={letter} />
          ) : (
            <EmptyState title="还没有这份文书" hint="告知后才有告知书，决定后才有决定书。" />
          )
        }
      </Answer>
    </>
  );
}

/** Columns of the table that hold sums. */
const SUMS = new Set([3, 4, 5]);

function Sheet({ letter }: { letter: RecoveryLetter }) {
  return (
    <article className={css["notice"]} aria-label={letter.title}>
      <h2>{letter.title}</h2>
      <p className={css["right"]}>{letter.number}</p>
      <p className={css["flush"]}>{letter.addressee}：</p>
      {letter.paragraphs.map((text) => (
        <p key={text}>{text}</p>
      ))}
      {letter.table ? (
        <div className={css["scroll"]}>
          <table>
            <thead>
              <tr>
                {letter.table.columns.map((title) => (
                  <th key={title} scope="col">
                    {title}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {letter.table.rows.map((cells) => (
                <tr key={cells.join("|")}>
                  {cells.map((text, index) => (
                    <td key={letter.table!.columns[index]} className={SUMS.has(index) ? css["money"] : undefined}>
                      {text}
                    </td>
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      {letter.basis.map((text) => (
        <p key={text}>依据：{text}</p>
      ))}
      {letter.closing.map((text) => (
        <p key={text}>{text}</p>
      ))}
      <p className={css["right"]}>{letter.office}</p>
      <p className={css["right"]}>{letter.date}</p>
    </article>
  );
}
