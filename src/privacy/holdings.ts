import type { Holdings } from "../platform/privacy/index.ts";
import { orphanSweep } from "./orphans.ts";

/** What this domain holds itself, and what the platform holds for all. */
export function privacyHoldings(files: Parameters<typeof orphanSweep>[0]): Holdings {
  return {
    title: "个人信息保护",
    tables: [
      {
        table: "privacy.request",
        title: "删除申请",
        purpose: "本人要求删除自己的信息",
        basis: ["own-request"],
        period: "evidence",
        seenBy: "本人；户籍地经办人员",
        end: "anonymise",
        bookkeeping: ["request_id", "asked_on", "asked_at", "kept_until"],
        fields: {
          person_id: { label: "人员编号", derived: true, end: "erase" },
          home_region: { label: "户籍地" },
          reason: { label: "申请理由", end: "erase" },
          answer: { label: "答复" },
        },
      },
      {
        table: "privacy.consent",
        title: "单独同意",
        purpose: "本人对敏感信息的同意和撤回",
        basis: ["own-consent", "own-request"],
        period: "person",
        seenBy: "本人；户籍地经办人员",
        end: "erase",
        fields: {
          person_id: { label: "人员编号", derived: true },
          home_region: { label: "户籍地" },
          kind: { label: "同意的内容" },
          given_at: { label: "同意时间" },
          withdrawn_at: { label: "撤回时间" },
        },
      },
      {
        table: "privacy.tombstone",
        title: "已清除名单（只有摘要）",
        purpose: "恢复备份后把清除过的再清除一次",
        basis: ["security", "own-request"],
        period: "archive",
        seenBy: "仅后台处理",
        end: "archive",
        bookkeeping: ["tombstone_id"],
        fields: {
          key_hash: { label: "证件号码的摘要", sensitive: "identity", derived: true },
          erased_on: { label: "清除日期" },
        },
      },
      {
        table: "platform.file",
        title: "上传的文件",
        purpose: "保存台账原件和证明材料（加密）",
        basis: ["duty-of-office"],
        period: "upload",
        seenBy: "上传单位的经办人员",
        end: "erase",
        bookkeeping: ["file_id", "bytes", "sha256", "media_type", "purpose", "stored_at", "expires_at"],
        fields: { key: { label: "文件内容（加密）" }, name: { label: "文件名" } },
      },
    ],
    rules: [
      {
        id: "privacy.request",
        title: "已办结的删除申请",
        period: "evidence",
        table: "privacy.request",
        event: "coalesce((t.decided_at AT TIME ZONE 'Asia/Shanghai')::date, t.asked_on)",
        county: "left(t.home_region, 6)",
        where: "t.state IN ('refused', 'withdrawn', 'done')",
        person: "t.person_id",
      },
    ],
    erasure: [
      {
        table: "privacy.request",
        sql: "DELETE FROM privacy.request t USING erasing e WHERE t.person_id = e.old_id AND t.state <> 'approved'",
      },
      {
        table: "privacy.request",
        sql: "UPDATE privacy.request t SET state = 'done', person_id = NULL, reason = '' FROM erasing e WHERE t.person_id = e.old_id",
      },
      { table: "privacy.consent", sql: "DELETE FROM privacy.consent t USING erasing e WHERE t.person_id = e.old_id" },
    ],
    sweeps: [orphanSweep(files)],
  };
}
