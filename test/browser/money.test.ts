import { applyJourney } from "./apply.journey.ts";
import { ledgerToBankJourney } from "./ledger-to-bank.journey.ts";
import { oneDemo } from "./one-demo.ts";
import { recoveryJourney } from "./recovery.journey.ts";
import { workshopAwardJourney } from "./workshop-award.journey.ts";

/**
 * Apart from the others, whose ledgers and closed months change what is owed to whom. Three days: the demonstration's; the one on which half a
 * year is full, past the lists of the first; and one past the lists of the second. Each goes on with what those before it have left.
 */
const { office, later } = oneDemo();
applyJourney(office);
ledgerToBankJourney(office, "2025-06-30", later);
workshopAwardJourney(office, "2025-07-08", later);
recoveryJourney(office);
