import { applyJourney } from "./apply.journey.ts";
import { returnedPaymentJourney } from "./money-returned.journey.ts";
import { oneDemo } from "./one-demo.ts";
import { recoveryJourney } from "./recovery.journey.ts";

// Apart from the others, whose ledgers and closed months change what is owed to whom.
const { demo, office } = oneDemo();
applyJourney(office);
returnedPaymentJourney(demo);
recoveryJourney(office, () => demo().dataFolder);
