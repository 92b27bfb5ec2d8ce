import { bankAccountHash } from "#registry";
import { findClaim } from "../claims/store.ts";
import { handle, type Handler } from "../../platform/module.ts";
import { platformProblems, refuse } from "../../platform/problem.ts";
import { setPayeeAccount } from "../contract.ts";
import { subsidiesProblems } from "../problems.ts";
import { setAccount } from "./store.ts";

/** Where money goes to those who are no persons: a person's account is the registry's. */
export function accountHandlers(): readonly Handler[] {
  return [
    handle(setPayeeAccount, async (context, { claimId, holder, bank, account }) => {
      const { tx, caller, services } = context;
      const claim =
        (await findClaim(tx, caller.sight.region, claimId)) ?? refuse(platformProblems.notFound("这件补贴"));
      if (claim.payee_person_id !== null && claim.payee_key.startsWith("person:"))
        refuse(subsidiesProblems.accountOfPerson());
      await setAccount(tx, {
        payeeKey: claim.payee_key,
        region: claim.region,
        holder,
        bank,
        secret: services.keys.seal(account),
        mask: `${account.slice(0, 4)}********${account.slice(-4)}`,
        hash: bankAccountHash(services.keys, account),
        by: caller.name,
      });
      context.audit({
        subject: `subsidies.claim:${claimId}`,
        region: claim.region,
        account: `${account.slice(0, 4)}****${account.slice(-4)}`,
      });
      return {};
    }),
  ];
}
