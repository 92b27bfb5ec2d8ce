import type { Client } from "pg";

/**
 * What was under way at the moment of the backup and is not any more. Sessions end: whoever was signed in signs in again. The
 * backup itself stands in the backup as running. Other work stays in the queue, locked by workers that are gone, and is taken up
 * as after any crash; staged rows of batches were left out and are staged again when their batch goes on.
 */
export async function settleRestored(owner: Client): Promise<void> {
  await owner.query("DELETE FROM identity.session");
  await owner.query(`WITH ended AS (
      DELETE FROM graphile_worker._private_jobs j USING graphile_worker._private_tasks t WHERE t.id = j.task_id AND t.identifier LIKE 'backup.%' RETURNING j.payload)
    UPDATE platform.task SET state = 'failed', finished_at = now(), problem = '{"code": "backup.restored", "message": "这次备份正是恢复所用的备份，恢复后不再继续。"}'
    WHERE name LIKE 'backup.%' AND state IN ('queued', 'running')`);
  await owner.query(
    "UPDATE backup.run SET state = 'failed', finished_at = now(), problem = '数据已恢复到这次备份的时刻，备份不再继续。' WHERE state = 'running'",
  );
}
