import { StatusTag, type Tone } from "../../ui/index.ts";
import {
  bandLabels,
  mergeStateLabels,
  pairStateLabels,
  transferStateLabels,
  type Band,
  type CountyContact,
  type MergeState,
  type PairState,
  type TransferState,
} from "../contract.ts";

const pairTones: Record<PairState, Tone> = {
  open: "soon",
  merging: "blue",
  transferring: "blue",
  different: "plain",
  merged: "done",
  swapped: "done",
  withdrawn: "plain",
};
const mergeTones: Record<MergeState, Tone> = {
  proposed: "soon",
  working: "blue",
  done: "done",
  rejected: "plain",
  undoing: "blue",
  undone: "plain",
  failed: "late",
};
const transferTones: Record<TransferState, Tone> = {
  requested: "soon",
  escalated: "late",
  consented: "blue",
  done: "done",
  refused: "plain",
  withdrawn: "plain",
  failed: "late",
};

export const PairTag = ({ state }: { state: PairState }) => (
  <StatusTag tone={pairTones[state]}>{pairStateLabels[state]}</StatusTag>
);
export const MergeTag = ({ state }: { state: MergeState }) => (
  <StatusTag tone={mergeTones[state]}>{mergeStateLabels[state]}</StatusTag>
);
export const TransferTag = ({ state }: { state: TransferState }) => (
  <StatusTag tone={transferTones[state]}>{transferStateLabels[state]}</StatusTag>
);

export function ScoreTag({ score, band }: { score: number; band: Band }) {
  return (
    <StatusTag tone={band === "likely" ? "blue" : "outline"}>
      {score} 分　{bandLabels[band]}
    </StatusTag>
  );
}

/** All that is known of a record in another county. */
export function ContactWords({ contact }: { contact: CountyContact }) {
  return (
    <>
      <b title={contact.county.fullName}>{contact.county.name}</b>
      <div className="caption">
        {contact.phone === null
          ? "对方尚未登记联系人"
          : `${contact.office ?? ""} ${contact.personName ?? ""} ${contact.phone}`}
      </div>
    </>
  );
}
