-- Months of the log. What no month takes (a restored past, a clock that jumped) lies in the default partition.
CREATE TABLE audit.entry_other PARTITION OF audit.entry DEFAULT;

-- Makes the months from the present one to `ahead` months later. As the owner: whoever serves makes no tables.
CREATE FUNCTION audit.ensure_months(ahead int) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  first timestamp;
  part text;
BEGIN
  PERFORM pg_advisory_xact_lock(7146021);
  FOR first IN SELECT generate_series(date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai'), date_trunc('month', now() AT TIME ZONE 'Asia/Shanghai') + make_interval(months => ahead), interval '1 month') LOOP
    part := 'entry_' || to_char(first, 'YYYY_MM');
    CONTINUE WHEN to_regclass('audit.' || part) IS NOT NULL;
    -- A month that has begun in the default partition stays there: moving its rows would need the log to stand still.
    CONTINUE WHEN EXISTS (SELECT FROM audit.entry_other WHERE at >= first AT TIME ZONE 'Asia/Shanghai' AND at < (first + interval '1 month') AT TIME ZONE 'Asia/Shanghai');
    EXECUTE format('CREATE TABLE audit.%I PARTITION OF audit.entry FOR VALUES FROM (%L) TO (%L)', part,
      first AT TIME ZONE 'Asia/Shanghai', (first + interval '1 month') AT TIME ZONE 'Asia/Shanghai');
  END LOOP;
END $$;
REVOKE ALL ON FUNCTION audit.ensure_months(int) FROM public;
GRANT EXECUTE ON FUNCTION audit.ensure_months(int) TO wengang_worker;
SELECT audit.ensure_months(2);

-- The sealed text of a row: everything that is said, nothing that depends on the cluster or the clock of the reader.
CREATE FUNCTION audit.canonical(e audit.entry) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT jsonb_build_array(e.entry_id::text, to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), e.kind, e.act, e.outcome, e.officer_id::text,
    e.officer_name, e.organisation, e.region, e.subject, e.count::text, e.detail, e.problem, e.ip, e.request_id)::text
$$;

-- 封存: rows that have committed, chained. `root` is the digest of the rows' digests in the order of their numbers, `digest`
-- binds it to its place in the chain (seal/chain.ts says how). Rows are named one by one: numbers have gaps for ever.
CREATE TABLE audit.seal (
  seal_id bigint PRIMARY KEY,
  sealed_at timestamptz NOT NULL,
  entries int8multirange NOT NULL,
  count int NOT NULL CHECK (count > 0),
  root bytea NOT NULL CHECK (length(root) = 32),
  previous bytea NOT NULL CHECK (length(previous) = 32),
  digest bytea NOT NULL CHECK (length(digest) = 32)
);
CREATE INDEX seal_entries ON audit.seal USING gist (entries);

-- How far the sealer is: all transactions before `horizon` are sealed. Data
-- `carried` here from another cluster bring numbers of transactions that mean nothing: from then on seals are asked as well.
CREATE TABLE audit.sealer (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  cluster text NOT NULL,
  horizon xid8 NOT NULL,
  carried boolean NOT NULL
);

-- 每日摘要: the head of the chain, signed. `text` is what was signed, byte for byte.
CREATE TABLE audit.digest (
  digest_id bigint PRIMARY KEY,
  day date NOT NULL UNIQUE,
  last_seal bigint NOT NULL,
  entries bigint NOT NULL,
  text text NOT NULL,
  algorithm text NOT NULL CHECK (algorithm IN ('ed25519', 'sm2')),
  key_mark text NOT NULL,
  signature bytea NOT NULL,
  signed_at timestamptz NOT NULL DEFAULT now()
);

-- 核验: each time that seals and digests were checked against the rows.
CREATE TABLE audit.verification (
  verification_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL DEFAULT now(),
  entries bigint NOT NULL,
  seals bigint NOT NULL,
  digests bigint NOT NULL,
  problems jsonb NOT NULL
);

-- 归档: months that lie in a sealed file of the file store instead of here. The file is named, so that nothing deletes it as unknown.
CREATE TABLE audit.archive (
  month date PRIMARY KEY CHECK (extract(day FROM month) = 1),
  file_key text NOT NULL UNIQUE,
  entries bigint NOT NULL,                     -- rows of the month
  last_seal bigint NOT NULL,                   -- seals up to this one are proved by the files alone
  bytes bigint NOT NULL,
  sha256 text NOT NULL,
  archived_at timestamptz NOT NULL DEFAULT now()
);

-- Takes an archived month out of the log: only when six months are over and the archive holds every row. The one way out.
CREATE FUNCTION audit.release_month(wanted date) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  part text := 'entry_' || to_char(wanted, 'YYYY_MM');
  held bigint;
BEGIN
  IF wanted + interval '7 months' > now() AT TIME ZONE 'Asia/Shanghai' OR to_regclass('audit.' || part) IS NULL THEN RETURN false; END IF;
  -- Row security would blind an owner that is no superuser; nobody reaches a partition by its own name.
  EXECUTE format('SELECT count(*) FROM audit.%I', part) INTO held;
  IF held IS DISTINCT FROM (SELECT entries FROM audit.archive WHERE month = wanted) THEN RETURN false; END IF;
  EXECUTE format('DROP TABLE audit.%I', part);
  RETURN true;
END $$;
REVOKE ALL ON FUNCTION audit.release_month(date) FROM public;
GRANT EXECUTE ON FUNCTION audit.release_month(date) TO wengang_worker;

-- The digests of a seal's rows, in the order of their numbers: what the proof of one row needs of the others, whose contents its
-- reader may not see. A digest tells nothing of a row: it holds a random request number and a time to the microsecond.
CREATE FUNCTION audit.leaves(wanted bigint) RETURNS bytea LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT string_agg(sha256(convert_to(audit.canonical(e), 'UTF8')), '' ORDER BY e.entry_id)
  FROM audit.seal s JOIN audit.entry e ON e.entry_id >= lower(s.entries) AND e.entry_id < upper(s.entries) AND s.entries @> e.entry_id
  WHERE s.seal_id = wanted AND platform.audits()
$$;
REVOKE ALL ON FUNCTION audit.leaves(bigint) FROM public;
GRANT EXECUTE ON FUNCTION audit.leaves(bigint) TO wengang_app, wengang_worker;
-- The owner's functions read the log; forced row security would blind an owner that is no superuser. He serves nobody.
CREATE POLICY owner_reads ON audit.entry FOR SELECT TO CURRENT_USER USING (true);

-- The sealer and the archive read the whole log, in the background process only.
CREATE POLICY sealer_reads ON audit.entry FOR SELECT TO wengang_worker USING (true);
GRANT SELECT ON audit.entry TO wengang_worker;
GRANT SELECT ON audit.seal, audit.digest, audit.verification, audit.archive TO wengang_app, wengang_worker, wengang_auditor;
GRANT INSERT ON audit.seal, audit.digest, audit.verification, audit.archive TO wengang_worker;
GRANT SELECT, INSERT, UPDATE ON audit.sealer TO wengang_worker;
