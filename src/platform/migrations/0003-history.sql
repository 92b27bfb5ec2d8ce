-- A cut through history: everything written before it, nothing written after it, whatever runs at the same time. Whoever notes
-- history joins until his transaction ends; whoever closes a month waits for those and holds newcomers back while he draws the mark.
-- Numbers drawn after joining are therefore above every mark drawn before. Clocks and snapshots would not do: transactions commit
-- in another order than they begin, and the ids of transactions do not survive a restored backup.
CREATE FUNCTION platform.join_history() RETURNS void LANGUAGE sql VOLATILE AS $$ SELECT pg_advisory_xact_lock_shared(7146031) $$;
CREATE FUNCTION platform.cut_history() RETURNS void LANGUAGE sql VOLATILE AS $$ SELECT pg_advisory_xact_lock(7146031) $$;
