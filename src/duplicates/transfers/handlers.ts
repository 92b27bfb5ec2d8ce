import { asUuid, identityHash, readIdentityNumber, regionNames, regionsByCode } from "#registry";
import { addDays } from "../../platform/dates/index.ts";
import { nextState } from "../../platform/contract.ts";
import { handle, type ActionContext, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { askerOf } from "../pairs/asker.ts";
import { contactWords } from "../pairs/rows.ts";
import { contactsOf, lockPairs, setPairState, sidesOf } from "../pairs/store.ts";
import { duplicatesProblems } from "../problems.ts";
import { DUPLICATES_QUEUE, duplicatesTasks } from "../task-names.ts";
import {
  answerTransfer,
  countTransfers,
  getContact,
  getTransfer,
  listTransfers,
  requestForPair,
  requestMove,
  setContact,
  TRANSFER_DUE_DAYS,
  transferFlow,
  transferStateLabels,
} from "./contract.ts";
import { possibleFor, toTransferRows } from "./rows.ts";
import {
  countyOf,
  findTransfer,
  insertTransfer,
  listStoredTransfers,
  patchTransfer,
  saveContact,
  transferCounts,
  type StoredTransfer,
} from "./store.ts";

const COUNTY_DIGITS = 6;

export const transferHandlers: readonly Handler[] = [
  handle(requestForPair, async (context, { pairId, keeps, note }) => {
    const { tx } = context;
    const asker = askerOf(context);
    const [pair] = await lockPairs(tx, [pairId], "open", asker);
    if (!pair) return refuse(duplicatesProblems.pairGone(1));
    if (!pair.across) refuse(duplicatesProblems.sameCounty());
    const [side] = (await sidesOf(tx, asker.scope, [pairId])).filter(({ home_region }) =>
      home_region.startsWith(ownCounty(context)),
    );
    if (!side) return refuse(duplicatesProblems.pairGone(1));
    const transferId = await insertTransfer(tx, {
      ...asking(context, side.other_county, note),
      kind: "duplicate",
      askedCounty: side.other_county,
      keeps,
      pairId,
      numberHash: null,
      toRegion: null,
    });
    if (transferId === null) return refuse(duplicatesProblems.alreadyRequested());
    await setPairState(tx, [pairId], "transferring", null);
    context.audit({
      subject: `registry.person:${side.person_id}`,
      region: side.home_region,
      count: 1,
      transferId,
      asked: side.other_county,
      note,
    });
    return { transferId };
  }),

  handle(requestMove, async (context, { name, number, region, note }) => {
    const { tx, services } = context;
    const county = ownCounty(context);
    if (!region.startsWith(county) || (await regionsByCode(tx, [region])).length === 0)
      refuse(duplicatesProblems.regionElsewhere());
    const reading = readIdentityNumber(number);
    if (!reading.ok) return refuse(duplicatesProblems.numberUnread());
    const numberHash = asUuid(identityHash(services.keys, reading.kind, reading.number));
    const home = (await countyOf(tx, numberHash, name)) ?? refuse(duplicatesProblems.nobodyFound());
    // Asking by number is audited whatever comes of it, for the answer says where somebody is registered.
    context.audit({ count: 1, asked: home, note });
    if (home === county) refuse(duplicatesProblems.alreadyHere());
    const transferId = await insertTransfer(tx, {
      ...asking(context, home, note),
      kind: "moved",
      askedCounty: home,
      keeps: "asking",
      pairId: null,
      numberHash,
      toRegion: region,
    });
    if (transferId === null) return refuse(duplicatesProblems.alreadyRequested());
    const nameOf = await regionNames(tx, [home]);
    return { transferId, county: nameOf(home) };
  }),

  handle(listTransfers, async (context, { page, size, ...filter }) => {
    const { tx, caller, businessDate } = context;
    const { rows, total } = await listStoredTransfers(tx, caller.sight.region, filter, { page, size });
    context.audit({ count: rows.length });
    return { rows: await toTransferRows(tx, caller.sight.region, rows, businessDate), total };
  }),

  handle(countTransfers, ({ tx, caller, businessDate }) => transferCounts(tx, caller.sight.region, businessDate)),

  handle(getTransfer, async (context, { transferId }) => {
    const transfer = await seenTransfer(context, transferId);
    const [row] = await toTransferRows(context.tx, context.caller.sight.region, [transfer], context.businessDate);
    context.audit({ count: 1, ...(row!.person ? { subject: `registry.person:${row!.person.personId}` } : {}) });
    return row!;
  }),

  handle(answerTransfer, async (context, { transferId, act, note }) => {
    const { tx, caller, businessDate } = context;
    const transfer = await seenTransfer(context, transferId, true);
    const state =
      nextState(transferFlow, transfer.state, act) ??
      refuse(duplicatesProblems.transferState(transferStateLabels[transfer.state]));
    if (!possibleFor(caller.sight.region, transfer).includes(act))
      refuse(duplicatesProblems.notYours(act === "withdraw" ? "申请县" : "被申请县"));
    await patchTransfer(tx, transferId, {
      state,
      answer: note,
      answered_on: businessDate,
      ...(act === "withdraw"
        ? {}
        : { answered_by: caller.officerId, answered_by_name: caller.name, answered_by_office: caller.organisation }),
    });
    if (act !== "consent" && transfer.pair_id !== null) await setPairState(tx, [transfer.pair_id], "open", null);
    context.audit({ count: 1, transferId, act, note });
    return { state, taskId: act === "consent" ? await queue(context, transferId) : null };
  }),

  handle(getContact, async (context) => {
    const { tx, caller } = context;
    const scope = caller.sight.region;
    if (scope === null || scope.length !== COUNTY_DIGITS) return null;
    const nameOf = await regionNames(tx, [scope]);
    return contactWords(nameOf(scope), (await contactsOf(tx, [scope])).get(scope));
  }),

  handle(setContact, async (context, { office, personName, phone }) => {
    const { tx, caller } = context;
    const county = ownCounty(context);
    await saveContact(tx, { county, office, personName, phone, byName: caller.name });
    context.audit({ count: 1, region: county, office });
    const nameOf = await regionNames(tx, [county]);
    return { county: nameOf(county), office, personName, phone };
  }),
];

/** The county for which an officer asks: counties deal with one another, towns and provinces do not. */
function ownCounty({ caller }: ActionContext): string {
  const { region } = caller.sight;
  return region !== null && region.length === COUNTY_DIGITS ? region : refuse(duplicatesProblems.notCounty());
}

/** The days are counted by the calendar of whoever has to answer. */
function asking(context: ActionContext, asked: string, note: string) {
  const { caller, businessDate, services } = context;
  return {
    askingCounty: ownCounty(context),
    reason: note,
    dueOn: addDays(services.businessDate(asked), TRANSFER_DUE_DAYS),
    askedBy: caller.officerId,
    askedByName: caller.name,
    askedByOffice: caller.organisation,
    askedOn: businessDate,
  };
}

async function seenTransfer({ tx, caller }: ActionContext, transferId: string, lock = false): Promise<StoredTransfer> {
  return (
    (await findTransfer(tx, caller.sight.region, transferId, lock)) ?? refuse(platformProblems.notFound("该转移申请"))
  );
}

function queue(context: ActionContext, transferId: string): Promise<string> {
  const { caller } = context;
  return context.enqueue({
    name: duplicatesTasks.transfer,
    payload: { transferId, actor: { id: caller.officerId, name: caller.name, organisation: caller.organisation } },
    subject: `duplicates.transfer:${transferId}`,
    region: caller.sight.region ?? refuse(platformProblems.outOfScope()),
    queue: DUPLICATES_QUEUE,
  });
}
