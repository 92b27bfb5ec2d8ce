import { carrierOf, type TextMessage } from "../platform/messages.ts";
import type { Services } from "../platform/module.ts";
import type { EventHandler } from "../platform/tasks/definition.ts";

export const MESSAGE_WRITTEN = "citizens.message-written";

/** Hands one message over; what it said is forgotten with that. */
export const handOver: EventHandler = async (tx, services, payload) => {
  const carrier = carrierOf(services);
  if (!carrier) return;
  const messageId = String(payload["messageId"]);
  const row = await tx
    .selectFrom("citizens.message")
    .select("content")
    .where("message_id", "=", messageId)
    .where("sent_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!row?.content) return;
  await carrier.send(JSON.parse(services.keys.open(row.content)) as TextMessage);
  await tx
    .updateTable("citizens.message")
    .set({ content: null, sent_at: new Date() })
    .where("message_id", "=", messageId)
    .execute();
};

/** What waits in the outbox of a demonstration, newest first, by the worker's hand: no account is reached by it elsewhere. */
export async function waitingMessages({ database, keys }: Pick<Services, "database" | "keys">): Promise<TextMessage[]> {
  const rows = await database.worker
    .selectFrom("citizens.message")
    .select("content")
    .where("content", "is not", null)
    .orderBy("message_id", "desc")
    .limit(10)
    .execute();
  return rows.map((row) => JSON.parse(keys.open(row.content!)) as TextMessage);
}
