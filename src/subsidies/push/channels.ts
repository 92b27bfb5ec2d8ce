import { carrierOf } from "../../platform/messages.ts";
import type { Services } from "../../platform/module.ts";
import type { PayeeOffice } from "../contract.ts";

/** Where this installation is reached: by configuration, and in a demonstration on its own machine. Null: a link would lead nowhere. */
export function siteOf({ config, demo }: Pick<Services, "config" | "demo">): string | null {
  if (config.publicUrl) return config.publicUrl.replace(/\/$/, "");
  return demo ? `http://localhost:${config.port}` : null;
}

/**
 * How an office's messages go out: as it has set, or by text where its 公众号 has no relay; in a demonstration without either they stay
 * in the outbox, to be looked at. Null: not at all.
 */
export function channelFor(
  services: Pick<Services, "config" | "demo">,
  { channel }: Pick<PayeeOffice, "channel">,
): "sms" | "wechat" | "outbox" | null {
  if (carrierOf(services, channel)) return channel;
  if (carrierOf(services, "sms")) return "sms";
  return services.demo ? "outbox" : null;
}
