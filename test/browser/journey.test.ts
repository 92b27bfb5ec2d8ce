import { afterAll, beforeAll } from "vitest";
import { applyJourney } from "./apply.journey.ts";
import { approvalJourney } from "./approval.journey.ts";
import { citizenJourneys } from "./citizen.journey.ts";
import { clerkJourney } from "./clerk.journey.ts";
import { deskJourneys } from "./desks.journey.ts";
import { duplicateJourneys } from "./duplicates.journey.ts";
import { exportsJourney } from "./exports.journey.ts";
import { everyPage } from "./every-page.journey.ts";
import { findingsJourney } from "./findings.journey.ts";
import { startDemo, type RunningInstallation } from "./installation.ts";
import { mendingJourney } from "./mending.journey.ts";
import { myJourney } from "./my.journey.ts";
import { returnedPaymentJourney } from "./money-returned.journey.ts";
import { workshopAwardJourney } from "./money-workshop.journey.ts";
import { monthsJourney } from "./months.journey.ts";
import { openOffice, type Office } from "./office.ts";
import { rulebookJourney } from "./rulebook.journey.ts";
import { privacyJourney } from "./privacy.journey.ts";
import { registersJourney } from "./registers.journey.ts";
import { subsidiesJourney } from "./subsidies.journey.ts";
import { wrongFilesJourney } from "./wrong-files.journey.ts";

/**
 * One installation for all journeys: its start is the longest part. Huayuan belongs to the clerk's first month and to the
 * desks that look at it, Sishui to mending and taking back, Jishishan to wrong files and the second officer.
 */
let demo: RunningInstallation;
let office: Office;

beforeAll(async () => {
  demo = await startDemo();
  office = await openOffice(demo.url);
}, 660_000);
afterAll(async () => {
  await office?.close();
  await demo?.stop();
});

const open = () => office;
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
applyJourney(open);
exportsJourney(open);
privacyJourney(open);
subsidiesJourney(open);
workshopAwardJourney(open);
returnedPaymentJourney(() => demo);
// After whatever else is done with the months of Huayuan: closed, they take no more tables.
monthsJourney(open);
everyPage(open);
