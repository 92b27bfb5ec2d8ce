/**
 * The life of claims and their money as one reads it in the office's own words, written without the program's tables: what each act
 * does to a claim, which hands may not meet, and what it moves in a fund. The database's history is played through it.
 */

export interface HistoryEvent {
  readonly act: string;
  readonly state: string;
  readonly amountFen: number;
  readonly officerId: string | null;
}
export interface Movement {
  readonly kind: string;
  readonly amountFen: number;
  readonly officerId: string | null;
}

/** Act → state before → state after. */
const ACTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  confirm: { proposed: "submitted" },
  accept: { proposed: "accepted", submitted: "accepted" },
  return: { submitted: "correction", accepted: "correction" },
  supply: { correction: "accepted" },
  check: { accepted: "checked" },
  withdraw: { proposed: "withdrawn", submitted: "withdrawn", accepted: "withdrawn", correction: "withdrawn" },
  approve: { checked: "approved" },
  escalate: { checked: "escalated" },
  agree: { escalated: "escalated" },
  endorse: { escalated: "approved" },
  sendBack: {
    checked: "accepted",
    escalated: "accepted",
    approved: "accepted",
    published: "accepted",
    cleared: "accepted",
  },
  refuse: { checked: "refused", escalated: "refused", published: "refused" },
  reopen: { refused: "accepted" },
  publish: { approved: "published" },
  clear: { published: "cleared" },
  batch: { cleared: "paying" },
  pay: { paying: "paid" },
  bounce: { paying: "cleared", paid: "cleared", closed: "cleared" },
  close: { paid: "closed" },
};
/** States in which money is kept for a claim. */
const KEPT = new Set(["approved", "published", "cleared", "paying"]);
const MAJOR_FEN = 5_000_000;

export class ModelClaim {
  state: string | null = null;
  amountFen = 0;
  reservedFen = 0;
  spentFen = 0;
  /** Payments ever planned for it, and whether one of them stands. */
  payments = 0;
  standing = false;
  readonly movements: Movement[] = [];
  #acceptedBy: string | null = null;
  #checkedBy: string | null = null;
  #approvedBy: string | null = null;

  /** Takes one event in; returns what is wrong with it. */
  apply(event: HistoryEvent): string | null {
    const { act, officerId } = event;
    if (act === "find") return this.#found(event);
    if (this.state === null) return `${act} before it was found`;
    if (act === "lapse") {
      if (this.state !== "accepted" || event.state !== "accepted") return "lapsed outside of its examination";
      this.amountFen = event.amountFen;
      return null;
    }
    const before = this.state;
    const after = ACTS[act]?.[before];
    if (after === undefined) return `${act} in ${before}`;
    if (after !== event.state) return `${act} leads from ${before} to ${event.state} and not to ${after}`;
    const fault = this.#hands(act, officerId) ?? this.#amount(act, event.amountFen);
    if (fault) return fault;
    this.state = after;
    this.#move(act, before, officerId);
    if (act === "batch") {
      if (this.standing) return "planned for payment while another payment stands";
      this.payments++;
      this.standing = true;
    }
    if (act === "bounce") this.standing = false;
    return this.reservedFen === (KEPT.has(after) ? this.amountFen : 0)
      ? null
      : `${act} leaves ${this.reservedFen} kept`;
  }

  #found(event: HistoryEvent): string | null {
    if (this.state !== null && (this.state !== event.state || !["proposed", "submitted"].includes(this.state)))
      return `found again in ${this.state}`;
    if (event.amountFen < this.amountFen) return "became less when more was found";
    this.state = event.state;
    this.amountFen = event.amountFen;
    return null;
  }

  /** Who took it in last, or examined it last, does not approve; who approves does not endorse. */
  #hands(act: string, officerId: string | null): string | null {
    if (officerId === null) return act === "clear" ? null : `${act} by nobody`;
    if (act === "accept") this.#acceptedBy = officerId;
    if (act === "check") this.#checkedBy = officerId;
    if (act === "approve" || act === "escalate") {
      if (officerId === this.#acceptedBy || officerId === this.#checkedBy) return "approved by the one who took it in";
      this.#approvedBy = officerId;
    }
    return act === "endorse" && this.#approvedBy === officerId ? "endorsed by the one who approved it" : null;
  }

  #amount(act: string, amountFen: number): string | null {
    if (act === "check") this.amountFen = amountFen;
    if (amountFen !== this.amountFen) return `${act} made ${amountFen} of ${this.amountFen}`;
    if (act === "approve" && amountFen >= MAJOR_FEN) return "a large amount approved without the leader";
    if (act === "escalate" && amountFen < MAJOR_FEN) return "a small amount sent to the leader";
    return null;
  }

  #move(act: string, before: string, officerId: string | null): void {
    const add = (kind: string) => void this.movements.push({ kind, amountFen: this.amountFen, officerId });
    if (act === "approve" || act === "endorse") {
      this.reservedFen += this.amountFen;
      add("reserve");
    } else if ((act === "sendBack" || act === "refuse") && KEPT.has(before)) {
      this.reservedFen -= this.amountFen;
      add("release");
    } else if (act === "pay") {
      this.reservedFen -= this.amountFen;
      this.spentFen += this.amountFen;
      add("spend");
    } else if (act === "bounce" && before !== "paying") {
      this.spentFen -= this.amountFen;
      this.reservedFen += this.amountFen;
      add("return");
    }
  }
}

/** A fund's line as its movements make it: never below zero after any of them that committed together. */
export function lineOf(movements: readonly Movement[]): { budget: number; reserved: number; spent: number } {
  const line = { budget: 0, reserved: 0, spent: 0 };
  for (const { kind, amountFen } of movements) {
    if (kind === "budget" || kind === "transfer") line.budget += amountFen;
    if (kind === "reserve" || kind === "return") line.reserved += amountFen;
    if (kind === "release" || kind === "spend") line.reserved -= amountFen;
    if (kind === "spend") line.spent += amountFen;
    if (kind === "return" || kind === "recover") line.spent -= amountFen;
  }
  return line;
}
