import { approvalJourney } from "./approval.journey.ts";
import { citizenJourneys } from "./citizen.journey.ts";
import { clerkJourney } from "./clerk.journey.ts";
import { deskJourneys } from "./desks.journey.ts";
import { duplicateJourneys } from "./duplicates.journey.ts";
import { exportsJourney } from "./exports.journey.ts";
import { everyPage } from "./every-page.journey.ts";
import { findingsJourney } from "./findings.journey.ts";
import { mendingJourney } from "./mending.journey.ts";
import { myJourney } from "./my.journey.ts";
import { monthsJourney } from "./months.journey.ts";
import { oneDemo } from "./one-demo.ts";
import { payeeJourney } from "./payee.journey.ts";
import { rulebookJourney } from "./rulebook.journey.ts";
import { privacyJourney } from "./privacy.journey.ts";
import { registersJourney } from "./registers.journey.ts";
import { subsidiesJourney } from "./subsidies.journey.ts";
import { wrongFilesJourney } from "./wrong-files.journey.ts";

/**
 * Huayuan belongs to the clerk's first month and to the desks that look at it, Sishui to mending and taking back, Jishishan to wrong files
 * and the second officer.
 */
const { office: open } = oneDemo();
clerkJourney(open);
deskJourneys(open);
mendingJourney(open);
wrongFilesJourney(open);
approvalJourney(open);
citizenJourneys(open);
rulebookJourney(open);
registersJourney(open);
duplicateJourneys(open);
findingsJourney(open);
myJourney(open);
payeeJourney(open);
exportsJourney(open);
privacyJourney(open);
subsidiesJourney(open);
// After whatever else is done with the months of Huayuan: closed, they take no more tables.
monthsJourney(open);
everyPage(open);
