import { Card, DateText, download, DownloadButton, EmptyState, useRoute } from "../../ui/index.ts";
import { downloadLetter, listLetters, type LetterView } from "../contract.ts";
import css from "./subsidies.module.css";

/** 文书 on a claim's page: what was issued, as it was issued. */
export function LettersCard({ claimId }: { readonly claimId: string }) {
  const { data } = useRoute(listLetters, { claimId });
  return (
    <Card title="文书" {...(data ? { note: `${data.rows.length} 份，签发后不改` } : {})} padded>
      {data?.rows.length === 0 ? <EmptyState title="还没有签发文书" hint="受理、补正、决定时自动签发。" /> : null}
      <ul className={css["panel"]}>
        {data?.rows.map((letter) => (
          <li key={letter.letterId}>
            <Shown letter={letter} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Shown({ letter }: { readonly letter: LetterView }) {
  const { letterId } = letter;
  return (
    <details className={css["letter"]}>
      <summary>
        <b>{letter.title}</b> {letter.number}
      </summary>
      <div className={css["paper"]}>{letter.body}</div>
      <p className="caption">
        {letter.office}　<DateText value={letter.issuedOn} />　{letter.issuedByName}签发，
        {letter.version === 0 ? "系统自带模板" : `本县模板第 ${letter.version} 版`}
      </p>
      <p className={css["digest"]}>校验码 {letter.digest}</p>
      <span className={css["acts"]}>
        <DownloadButton size="small" start={() => download(downloadLetter, { letterId, format: "docx" })}>
          Word
        </DownloadButton>
        <DownloadButton size="small" start={() => download(downloadLetter, { letterId, format: "pdf" })}>
          PDF
        </DownloadButton>
      </span>
    </details>
  );
}
