import type { Services } from "./module.ts";

export interface TextMessage {
  readonly phone: string;
  readonly text: string;
  /** Of the sender's own: a relay that is handed the same number twice need not send twice. */
  readonly reference?: string;
}

/** How a message reaches its carrier. Throws when it was not taken; it may then be tried again. */
export interface MessageCarrier {
  send(message: TextMessage): Promise<void>;
}

/** sms: 短信; wechat: 公众号, whose relay knows who follows the account by his telephone number. */
type MessageChannel = "sms" | "wechat";

const PATIENCE_MS = 10_000;

/**
 * By configuration: messages are handed to an address as JSON `{phone, text, reference}` with a bearer token; what a carrier wants
 * besides is the business of a relay at that address. Null: there is none, and they stay in the outbox.
 */
export function carrierOf(
  { config }: Pick<Services, "config">,
  channel: MessageChannel = "sms",
): MessageCarrier | null {
  const relay = config[channel];
  if (!relay) return null;
  return {
    async send(message) {
      const response = await fetch(relay.url, {
        method: "POST",
        headers: { "content-type": "application/json", authorization: `Bearer ${relay.token}` },
        body: JSON.stringify(message),
        // A code and the token go to the configured address and to no other that it names.
        redirect: "error",
        signal: AbortSignal.timeout(PATIENCE_MS),
      });
      if (!response.ok) throw new Error(`the message was not taken: ${response.status}`);
    },
  };
}
