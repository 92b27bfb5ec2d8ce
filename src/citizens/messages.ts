import type { EventHandler } from "../platform/tasks/definition.ts";
import type { Services } from "../platform/module.ts";

export interface TextMessage {
  readonly phone: string;
  readonly text: string;
}

/** How a text message reaches the carrier. Throws when it did not; it is then tried again. */
export interface SmsCarrier {
  send(message: TextMessage): Promise<void>;
}

const PATIENCE_MS = 10_000;

/**
 * By configuration: messages are handed to an address as JSON `{phone, text}` with a bearer token; what a carrier wants besides is the
 * business of a relay at that address. Null: they stay in the outbox, where a demonstration shows them.
 */
export function carrierOf({ config }: Pick<Services, "config">): SmsCarrier | null {
  const { sms } = config;
  if (!sms) return null;
  return {
    async send(message) {
      const response = await fetch(sms.url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${sms.token}` },
        body: JSON.stringify(message),
        // A code and the token go to the configured address and to no other that it names.
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!response.ok) throw new Error(`the text message was not taken: ${response.status}`);
    },
  };
}

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
