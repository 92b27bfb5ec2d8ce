/** A thread of `agreements`: is sent the places of measures, answers each with its agreement. */
import { parentPort, workerData } from "node:worker_threads";
import { connectOwner, type DatabaseAddress } from "../../src/platform/db/database.ts";
import { agreementOf } from "./draws.ts";

const { address, draws } = workerData as { address: DatabaseAddress; draws: number };
const database = await connectOwner(address);
parentPort!.on("message", (index: number) => {
  void agreementOf(database, index, draws).then((result) => parentPort!.postMessage(result));
});
