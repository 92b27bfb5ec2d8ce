CREATE SCHEMA identity;
GRANT USAGE ON SCHEMA identity TO wengang_app, wengang_worker;

CREATE TABLE identity.organisation (
  organisation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL CHECK (name <> ''),
  department text NOT NULL CHECK (department <> ''),   -- 人社、农业农村…; the list is in departments.ts
  region text COLLATE "C" NOT NULL REFERENCES registry.region (code),
  active boolean NOT NULL DEFAULT true,
  UNIQUE (region, name),
  UNIQUE (organisation_id, region)
);

CREATE TABLE identity.officer (
  officer_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  login text COLLATE "C" NOT NULL UNIQUE CHECK (login ~ '^[a-z0-9][a-z0-9._-]{2,39}$'),
  name text NOT NULL CHECK (name <> ''),
  organisation_id bigint NOT NULL,
  organisation_region text COLLATE "C" NOT NULL,       -- copied, so that a constraint can hold the officer within it
  region text COLLATE "C" NOT NULL REFERENCES registry.region (code),   -- the area he answers for
  duties text[] NOT NULL,
  password_hash text NOT NULL CHECK (password_hash LIKE '$argon2id$%'),
  must_change_password boolean NOT NULL DEFAULT true,
  password_set_at timestamptz NOT NULL DEFAULT now(),  -- by the officer himself, who may have to renew it
  failed_attempts int NOT NULL DEFAULT 0,
  locked_until timestamptz,                            -- too many wrong passwords; ends by itself
  locks int NOT NULL DEFAULT 0,                        -- such locks in a row: each is twice as long as the one before
  last_lock timestamptz,
  locked boolean NOT NULL DEFAULT false,               -- by an administrator; ends by an administrator
  active boolean NOT NULL DEFAULT true,
  approved boolean NOT NULL DEFAULT true,              -- false: made by one administrator, and another has not agreed yet
  demo boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_sign_in timestamptz,
  FOREIGN KEY (organisation_id, organisation_region) REFERENCES identity.organisation (organisation_id, region),
  CONSTRAINT officer_within_organisation CHECK (starts_with(region, organisation_region)),
  CONSTRAINT officer_duties_known CHECK (cardinality(duties) > 0 AND duties <@ ARRAY[
    'county-clerk', 'reviewer', 'town-officer', 'village-worker', 'city-dispatcher', 'province-dispatcher', 'finance', 'auditor',
    'leader', 'policy', 'system-admin', 'security-admin', 'audit-admin']),
  -- 三员分立: whoever administers holds that one duty and nothing else.
  CONSTRAINT officer_administrator_apart CHECK (
    NOT duties && ARRAY['system-admin', 'security-admin', 'audit-admin'] OR cardinality(duties) = 1)
);
CREATE INDEX officer_organisation ON identity.officer (organisation_id);
CREATE INDEX officer_organisation_region ON identity.officer (organisation_region, officer_id);

-- Reached by the functions below: the serving role has no grant on these three.
CREATE TABLE identity.session (
  session_hash text PRIMARY KEY,                       -- digest of the cookie: a copy of the table signs nobody in
  session_id bigint GENERATED ALWAYS AS IDENTITY UNIQUE,   -- what the officer names when he ends one of his
  stage text NOT NULL DEFAULT 'full' CHECK (stage IN ('full', 'second-factor')),   -- second-factor: the code is still to come; gives no rights
  single_sign_on boolean NOT NULL DEFAULT false,
  officer_id bigint NOT NULL REFERENCES identity.officer (officer_id),
  csrf text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  ip text NOT NULL,
  user_agent text NOT NULL
);
CREATE INDEX session_officer ON identity.session (officer_id);
CREATE INDEX session_seen ON identity.session (seen_at);
-- Logins that nobody has are counted and locked like real ones; otherwise the lock would tell which ones exist.
-- Only a keyed digest is kept: people type passwords into the wrong field.
CREATE TABLE identity.unknown_login (
  login_digest text PRIMARY KEY,
  failed_attempts int NOT NULL,
  locked_until timestamptz,
  locks int NOT NULL DEFAULT 0,
  last_lock timestamptz,
  tried_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX unknown_login_tried ON identity.unknown_login (tried_at);
CREATE TABLE identity.sign_in_source (
  source text PRIMARY KEY,                             -- IPv4 address, or /64 network of an IPv6 address
  since timestamptz NOT NULL DEFAULT now(),
  failures int NOT NULL,
  floods int NOT NULL DEFAULT 0                        -- times it was made to wait today: each is twice as long as the one before
);
CREATE INDEX sign_in_source_since ON identity.sign_in_source (since);
-- The same for everything else that may be guessed: codes of the second factor, of text messages, names to a number. Buckets are keyed digests.
CREATE TABLE identity.attempt (
  bucket text PRIMARY KEY,
  since timestamptz NOT NULL DEFAULT now(),
  attempts int NOT NULL,
  floods int NOT NULL DEFAULT 0
);
CREATE INDEX attempt_since ON identity.attempt (since);

-- 第二因素. The secret lies in an envelope of the program's; one that is being set up stands beside the one in use until it is confirmed.
CREATE TABLE identity.second_factor (
  officer_id bigint PRIMARY KEY REFERENCES identity.officer (officer_id),
  kind text NOT NULL CHECK (kind <> ''),
  secret bytea,
  confirmed_at timestamptz,
  last_step bigint NOT NULL DEFAULT 0,                 -- a code is good once: its time step must be later than the last one used
  pending_kind text,
  pending_secret bytea,
  CHECK ((secret IS NULL) = (confirmed_at IS NULL))
);
-- A new version of the key seals them anew.
GRANT SELECT (officer_id, secret, pending_secret), UPDATE (secret, pending_secret) ON identity.second_factor TO wengang_worker;
CREATE TABLE identity.recovery_code (
  officer_id bigint NOT NULL REFERENCES identity.officer (officer_id),
  code_hash text NOT NULL,
  used_at timestamptz,
  PRIMARY KEY (officer_id, code_hash)
);
-- Who must have one: whoever holds a duty in a region ('' is everywhere), or everybody of an organisation.
CREATE TABLE identity.second_factor_rule (
  rule_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,
  duty text,
  organisation_id bigint UNIQUE REFERENCES identity.organisation (organisation_id),
  UNIQUE (region, duty),
  CHECK (num_nonnulls(duty, organisation_id) = 1)
);
INSERT INTO identity.second_factor_rule (region, duty) VALUES ('', 'system-admin'), ('', 'security-admin'), ('', 'audit-admin');
CREATE FUNCTION identity.factor_demanded(held text[], organisation bigint, place text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM identity.second_factor_rule r
    WHERE r.duty = ANY (held) AND starts_with(place, r.region) OR r.organisation_id = organisation)
$$;
CREATE FUNCTION identity.has_factor(account bigint) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM identity.second_factor f WHERE f.officer_id = account AND f.secret IS NOT NULL)
$$;

-- Whether the caller holds a duty, read from his row and not from anything the program says.
CREATE FUNCTION identity.caller_holds(duty text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM identity.officer o WHERE o.officer_id = platform.officer() AND o.active AND o.approved AND NOT o.locked AND duty = ANY (o.duties))
$$;
-- Business accounts are kept by the system administrator, the three administrators' by the security administrator, so that
-- nobody alone can make himself a second account with the powers he lacks.
CREATE FUNCTION identity.keeper_of(duties text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT CASE WHEN duties && ARRAY['system-admin', 'security-admin', 'audit-admin'] THEN 'security-admin' ELSE 'system-admin' END
$$;

-- Organisations: one's own area, and those above it by name.
ALTER TABLE identity.organisation ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.organisation FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON identity.organisation FOR SELECT TO wengang_app USING (
  platform.administers(region) OR platform.sees(region, (SELECT platform.scope()))
  OR starts_with(current_setting('app.region', true), region) OR starts_with(current_setting('app.administers', true), region));
CREATE POLICY made ON identity.organisation FOR INSERT TO wengang_app
  WITH CHECK (platform.administers(region) AND identity.caller_holds('system-admin'));
CREATE POLICY changed ON identity.organisation FOR UPDATE TO wengang_app
  USING (platform.administers(region) AND identity.caller_holds('system-admin'))
  WITH CHECK (platform.administers(region) AND identity.caller_holds('system-admin'));
GRANT SELECT, INSERT (name, department, region), UPDATE (name, department, active) ON identity.organisation TO wengang_app;

-- Officers: administrators see those of their area's organisations, everyone sees himself; nobody changes his own row.
ALTER TABLE identity.officer ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.officer FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON identity.officer FOR SELECT TO wengang_app
  USING (platform.administers(organisation_region) OR officer_id = platform.officer());
CREATE POLICY made ON identity.officer FOR INSERT TO wengang_app
  WITH CHECK (platform.administers(organisation_region) AND identity.caller_holds(identity.keeper_of(duties)) AND NOT approved);
CREATE POLICY changed ON identity.officer FOR UPDATE TO wengang_app
  USING (platform.administers(organisation_region) AND officer_id IS DISTINCT FROM platform.officer()
    AND identity.caller_holds(identity.keeper_of(duties)))
  WITH CHECK (platform.administers(organisation_region) AND officer_id IS DISTINCT FROM platform.officer()
    AND identity.caller_holds(identity.keeper_of(duties)));
-- The password's digest can be written and never read; login and birth of an account never change.
GRANT SELECT (officer_id, login, name, organisation_id, organisation_region, region, duties, must_change_password, failed_attempts,
    locked_until, locked, active, approved, demo, created_at, last_sign_in),
  INSERT (login, name, organisation_id, organisation_region, region, duties, password_hash, approved),
  UPDATE (name, organisation_id, organisation_region, region, duties, password_hash, must_change_password, failed_attempts, locked_until,
    locks, locked, active)
  ON identity.officer TO wengang_app;

-- 授权须经另一人批准: what widens somebody's rights is proposed by the account's keeper and approved by the other administrator, so that
-- no administrator alone can make himself a puppet that sees business.
CREATE TABLE identity.grant_proposal (
  proposal_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  officer_id bigint NOT NULL REFERENCES identity.officer (officer_id),
  kind text NOT NULL CHECK (kind IN ('create', 'assign')),
  name text NOT NULL,
  organisation_id bigint NOT NULL REFERENCES identity.organisation (organisation_id),
  organisation_region text COLLATE "C" NOT NULL,
  region text COLLATE "C" NOT NULL,
  duties text[] NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
  proposed_by bigint NOT NULL REFERENCES identity.officer (officer_id),
  proposed_by_name text NOT NULL,
  proposed_at timestamptz NOT NULL DEFAULT now(),
  decided_by bigint REFERENCES identity.officer (officer_id),
  decided_by_name text,
  decided_at timestamptz,
  reason text NOT NULL DEFAULT '',
  CONSTRAINT grant_not_for_oneself CHECK (officer_id <> proposed_by AND officer_id <> decided_by),
  CONSTRAINT grant_by_two CHECK (state = 'withdrawn' OR decided_by <> proposed_by),
  CHECK ((state = 'waiting') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX grant_one_waiting ON identity.grant_proposal (officer_id) WHERE state = 'waiting';
CREATE INDEX grant_region ON identity.grant_proposal (organisation_region, proposal_id DESC);
CREATE FUNCTION identity.approver_of(duties text[]) RETURNS text
LANGUAGE sql IMMUTABLE SET search_path = pg_catalog AS $$
  SELECT CASE WHEN identity.keeper_of(duties) = 'system-admin' THEN 'security-admin' ELSE 'system-admin' END
$$;
ALTER TABLE identity.grant_proposal ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.grant_proposal FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON identity.grant_proposal FOR SELECT TO wengang_app USING (platform.administers(organisation_region));
CREATE POLICY proposed ON identity.grant_proposal FOR INSERT TO wengang_app
  WITH CHECK (platform.administers(organisation_region) AND proposed_by = platform.officer() AND state = 'waiting'
    AND identity.caller_holds(identity.keeper_of(duties)));
CREATE POLICY owner_all ON identity.grant_proposal TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT, INSERT (officer_id, kind, name, organisation_id, organisation_region, region, duties, proposed_by, proposed_by_name)
  ON identity.grant_proposal TO wengang_app;

-- Decides a proposal and does what it says. Approved and refused by the other administrator, withdrawn by whoever proposed it.
CREATE FUNCTION identity.decide_grant(wanted bigint, verdict text, why text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE proposal identity.grant_proposal;
BEGIN
  SELECT * INTO proposal FROM identity.grant_proposal p WHERE p.proposal_id = wanted AND p.state = 'waiting' FOR UPDATE;
  IF NOT FOUND OR NOT platform.administers(proposal.organisation_region) OR proposal.officer_id = platform.officer() THEN RETURN false; END IF;
  IF verdict = 'withdrawn' THEN
    IF proposal.proposed_by <> platform.officer() THEN RETURN false; END IF;
  ELSIF verdict NOT IN ('approved', 'refused') OR proposal.proposed_by = platform.officer()
    OR NOT identity.caller_holds(identity.approver_of(proposal.duties)) THEN RETURN false;
  END IF;
  UPDATE identity.grant_proposal SET state = verdict, decided_by = platform.officer(), decided_at = now(), reason = why,
      decided_by_name = (SELECT o.name FROM identity.officer o WHERE o.officer_id = platform.officer())
    WHERE proposal_id = wanted;
  IF verdict = 'approved' THEN
    UPDATE identity.officer SET approved = true, name = proposal.name, organisation_id = proposal.organisation_id,
        organisation_region = proposal.organisation_region, region = proposal.region, duties = proposal.duties
      WHERE officer_id = proposal.officer_id;
    DELETE FROM identity.session WHERE officer_id = proposal.officer_id;
  END IF;
  RETURN true;
END $$;
-- Whoever serves can narrow rights by himself and widen none: that is done by decide_grant.
CREATE FUNCTION identity.refuse_widening() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog AS $$
BEGIN
  IF current_user = 'wengang_app' AND (NOT NEW.duties <@ OLD.duties OR NOT starts_with(NEW.region, OLD.region)) THEN
    RAISE EXCEPTION 'rights are widened by two' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER widened_by_two BEFORE UPDATE OF duties, region ON identity.officer FOR EACH ROW EXECUTE FUNCTION identity.refuse_widening();

-- The worker is the operator's own hand (command line, demo).
CREATE POLICY worker_all ON identity.organisation TO wengang_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON identity.officer TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON identity.organisation, identity.officer TO wengang_worker;
GRANT SELECT (session_hash, officer_id), DELETE ON identity.session TO wengang_worker;
-- The owner serves nobody; the functions run as it, and forced row security would blind them when it is no superuser.
CREATE POLICY owner_all ON identity.organisation TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON identity.officer TO CURRENT_USER USING (true) WITH CHECK (true);

-- Signing in happens before anybody's scope is known; these functions are the only way to that data.

-- How many times as long the nth wait in a row is: 1, 2, 4, 8 and at most 16.
CREATE FUNCTION identity.growth(waits int) RETURNS int LANGUAGE sql IMMUTABLE AS
$$ SELECT (2 ^ least(greatest(waits - 1, 0), 4))::int $$;
-- Locks of yesterday are forgiven, for those who exist and those who do not alike.
CREATE FUNCTION identity.locks_today(locks int, last_lock timestamptz) RETURNS int LANGUAGE sql STABLE AS
$$ SELECT CASE WHEN last_lock > now() - interval '1 day' THEN locks ELSE 0 END $$;

-- Counts the attempt before the password is looked at, so that many at once are not so many free guesses. The caller commits
-- it at once and reports success to finish_sign_in, which takes it back.
-- verdict: verify (password_hash is to be checked), unknown, locked, flooded (too many failures from this address).
CREATE FUNCTION identity.begin_sign_in(wanted text, wanted_digest text, from_source text,
  attempts_allowed int, lock_minutes int, source_allowed int, source_minutes int)
RETURNS TABLE (verdict text, who bigint, hash text, home text, free_at timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  lock_length constant interval := make_interval(mins => lock_minutes);
  window_length constant interval := make_interval(mins => source_minutes);
  source_row identity.sign_in_source;
  officer_row identity.officer;
  locked_to timestamptz;
BEGIN
  -- Rows that others are counting on at this moment are left to them: waiting here could end in a deadlock.
  DELETE FROM identity.sign_in_source WHERE source IN (
    SELECT s.source FROM identity.sign_in_source s WHERE s.since < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
  DELETE FROM identity.unknown_login WHERE login_digest IN (
    SELECT u.login_digest FROM identity.unknown_login u WHERE u.tried_at < now() - interval '1 day' FOR UPDATE SKIP LOCKED);
  INSERT INTO identity.sign_in_source AS s (source, failures) VALUES (from_source, 1)
    ON CONFLICT (source) DO UPDATE SET
      failures = CASE WHEN s.since < now() - window_length * identity.growth(s.floods) THEN 1 ELSE s.failures + 1 END,
      since = CASE WHEN s.since < now() - window_length * identity.growth(s.floods) THEN now() ELSE s.since END,
      floods = s.floods + CASE WHEN s.failures = source_allowed AND s.since >= now() - window_length * identity.growth(s.floods) THEN 1 ELSE 0 END
    RETURNING * INTO source_row;
  IF source_row.failures > source_allowed THEN
    RETURN QUERY SELECT 'flooded', NULL::bigint, NULL::text, ''::text, source_row.since + window_length * identity.growth(source_row.floods);
    RETURN;
  END IF;

  SELECT * INTO officer_row FROM identity.officer o WHERE o.login = wanted FOR UPDATE;
  IF NOT FOUND THEN
    INSERT INTO identity.unknown_login AS u (login_digest, failed_attempts) VALUES (wanted_digest, 0)
      ON CONFLICT (login_digest) DO UPDATE SET tried_at = now()
      RETURNING u.locked_until INTO locked_to;
    IF locked_to > now() THEN
      RETURN QUERY SELECT 'locked', NULL::bigint, NULL::text, ''::text, locked_to;
      RETURN;
    END IF;
    UPDATE identity.unknown_login u SET
        failed_attempts = CASE WHEN locked_to IS NULL THEN u.failed_attempts ELSE 0 END + 1,
        locked_until = CASE WHEN locked_to IS NULL AND u.failed_attempts + 1 >= attempts_allowed
          THEN now() + lock_length * identity.growth(identity.locks_today(u.locks, u.last_lock) + 1) END,
        locks = CASE WHEN locked_to IS NULL AND u.failed_attempts + 1 >= attempts_allowed THEN identity.locks_today(u.locks, u.last_lock) + 1 ELSE u.locks END,
        last_lock = CASE WHEN locked_to IS NULL AND u.failed_attempts + 1 >= attempts_allowed THEN now() ELSE u.last_lock END
      WHERE u.login_digest = wanted_digest RETURNING u.locked_until INTO locked_to;
    RETURN QUERY SELECT 'unknown', NULL::bigint, NULL::text, ''::text, locked_to;
    RETURN;
  END IF;

  IF officer_row.locked_until > now() THEN
    RETURN QUERY SELECT 'locked', officer_row.officer_id, NULL::text, officer_row.region, officer_row.locked_until;
    RETURN;
  END IF;
  UPDATE identity.officer o SET
      failed_attempts = CASE WHEN o.locked_until IS NULL THEN o.failed_attempts ELSE 0 END + 1,
      locked_until = CASE WHEN o.locked_until IS NULL AND o.failed_attempts + 1 >= attempts_allowed
        THEN now() + lock_length * identity.growth(identity.locks_today(o.locks, o.last_lock) + 1) END,
      locks = CASE WHEN o.locked_until IS NULL AND o.failed_attempts + 1 >= attempts_allowed THEN identity.locks_today(o.locks, o.last_lock) + 1 ELSE o.locks END,
      last_lock = CASE WHEN o.locked_until IS NULL AND o.failed_attempts + 1 >= attempts_allowed THEN now() ELSE o.last_lock END
    WHERE o.officer_id = officer_row.officer_id RETURNING o.locked_until INTO locked_to;
  RETURN QUERY SELECT 'verify', officer_row.officer_id, officer_row.password_hash, officer_row.region, locked_to;
END $$;

-- The password was right: forgives the attempts and says whether the account may be used at all.
CREATE FUNCTION identity.forgive_attempts(account bigint, from_source text)
RETURNS TABLE (name text, organisation text, region text, must_change_password boolean, locked boolean, active boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  -- In the order of begin_sign_in, lest the two wait for each other.
  UPDATE identity.sign_in_source s SET failures = s.failures - 1 WHERE s.source = from_source;
  UPDATE identity.officer o SET failed_attempts = 0, locked_until = NULL, locks = 0 WHERE o.officer_id = account;
  RETURN QUERY SELECT o.name, g.name, o.region, o.must_change_password, o.locked, o.active AND o.approved AND g.active
    FROM identity.officer o JOIN identity.organisation g USING (organisation_id) WHERE o.officer_id = account;
END $$;

-- Always a new session; the one that came with the request is closed, and the oldest beyond the allowed number too. Those that still
-- wait for the second factor are counted by themselves: whoever has only the password pushes nobody out.
CREATE FUNCTION identity.open_session(new_hash text, old_hash text, account bigint, new_csrf text, from_ip text, agent text, sessions_allowed int,
  new_stage text, by_single_sign_on boolean)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT FROM identity.officer WHERE officer_id = account FOR UPDATE;
  DELETE FROM identity.session WHERE session_hash = old_hash OR seen_at < now() - interval '1 day';
  DELETE FROM identity.session WHERE session_hash IN (
    SELECT s.session_hash FROM identity.session s WHERE s.officer_id = account AND s.stage = new_stage
    ORDER BY s.seen_at DESC, s.created_at DESC OFFSET sessions_allowed - 1);
  UPDATE identity.officer SET last_sign_in = now() WHERE officer_id = account AND new_stage = 'full';
  INSERT INTO identity.session (session_hash, officer_id, csrf, ip, user_agent, stage, single_sign_on)
    VALUES (new_hash, account, new_csrf, from_ip, agent, new_stage, by_single_sign_on)
$$;

-- Finds a live session and ends a dead one. Touched at most every 20 seconds: a page asks for several things at once.
-- touch is false for what the screen asks for by itself, which must not keep an unattended desk signed in.
-- password_days: after so many a password must be chosen anew, 0 never; whoever comes by single sign-on uses none here.
CREATE FUNCTION identity.use_session(wanted text, touch boolean, idle_minutes int, longest_hours int, password_days int)
RETURNS TABLE (officer_id bigint, csrf text, name text, organisation text, region text, duties text[], must_change_password boolean,
  stage text, single_sign_on boolean, must_enrol boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH live AS (
    SELECT o.officer_id, s.csrf, o.name, g.name AS organisation, o.region, o.duties,
      o.must_change_password OR password_days > 0 AND NOT s.single_sign_on AND o.password_set_at < now() - make_interval(days => password_days)
        AS must_change_password, s.stage, s.single_sign_on,
      identity.factor_demanded(o.duties, o.organisation_id, o.region) AND NOT identity.has_factor(o.officer_id) AS must_enrol
    FROM identity.session s JOIN identity.officer o USING (officer_id) JOIN identity.organisation g USING (organisation_id)
    WHERE s.session_hash = wanted AND s.seen_at >= now() - make_interval(mins => idle_minutes)
      AND (s.stage = 'full' OR s.created_at >= now() - interval '5 minutes')
      AND s.created_at >= now() - make_interval(hours => longest_hours) AND o.active AND o.approved AND NOT o.locked AND g.active),
  touched AS (
    UPDATE identity.session s SET seen_at = now()
    WHERE s.session_hash = wanted AND touch AND s.seen_at < now() - interval '20 seconds' AND EXISTS (SELECT FROM live)),
  ended AS (DELETE FROM identity.session s WHERE s.session_hash = wanted AND NOT EXISTS (SELECT FROM live))
  SELECT * FROM live
$$;

CREATE FUNCTION identity.close_session(wanted text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DELETE FROM identity.session s WHERE s.session_hash = wanted AND s.officer_id = platform.officer()
$$;

-- Signs an officer out everywhere, but for one session; returns how many were ended. Oneself, or by the account's keeper.
CREATE FUNCTION identity.close_sessions_of(account bigint, keep text) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH ended AS (
    DELETE FROM identity.session s USING identity.officer o
    WHERE o.officer_id = s.officer_id AND o.officer_id = account AND s.session_hash IS DISTINCT FROM keep
      AND (o.officer_id = platform.officer()
        OR platform.administers(o.organisation_region) AND identity.caller_holds(identity.keeper_of(o.duties)))
    RETURNING 1)
  SELECT count(*) FROM ended
$$;

-- How many sessions of an officer are alive, for those who may see the officer.
CREATE FUNCTION identity.live_sessions(account bigint, idle_minutes int) RETURNS bigint
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT count(*) FROM identity.session s JOIN identity.officer o USING (officer_id)
  WHERE o.officer_id = account AND s.stage = 'full' AND s.seen_at >= now() - make_interval(mins => idle_minutes)
    AND (platform.administers(o.organisation_region) OR o.officer_id = platform.officer())
$$;

-- One's own sessions, for the page that lists them; ends one or all but one of them.
CREATE FUNCTION identity.own_sessions(current_hash text, idle_minutes int, longest_hours int)
RETURNS TABLE (session_id bigint, is_current boolean, created_at timestamptz, seen_at timestamptz, ip text, user_agent text, single_sign_on boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT s.session_id, s.session_hash = current_hash, s.created_at, s.seen_at, s.ip, s.user_agent, s.single_sign_on
  FROM identity.session s
  WHERE s.officer_id = platform.officer() AND s.stage = 'full' AND s.seen_at >= now() - make_interval(mins => idle_minutes)
    AND s.created_at >= now() - make_interval(hours => longest_hours)
  ORDER BY s.seen_at DESC
$$;
CREATE FUNCTION identity.end_own_session(wanted bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH ended AS (DELETE FROM identity.session s WHERE s.session_id = wanted AND s.officer_id = platform.officer() RETURNING 1)
  SELECT EXISTS (SELECT FROM ended)
$$;

-- Counts one attempt in a bucket; returns null when it is allowed, else when the wait ends. The caller commits at once.
CREATE FUNCTION identity.take_attempt(wanted text, allowed int, window_minutes int) RETURNS timestamptz
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE
  window_length constant interval := make_interval(mins => window_minutes);
  row identity.attempt;
BEGIN
  DELETE FROM identity.attempt WHERE bucket IN (
    SELECT a.bucket FROM identity.attempt a WHERE a.since < now() - interval '2 days' FOR UPDATE SKIP LOCKED);
  INSERT INTO identity.attempt AS a (bucket, attempts) VALUES (wanted, 1)
    ON CONFLICT (bucket) DO UPDATE SET
      attempts = CASE WHEN a.since < now() - window_length * identity.growth(a.floods) THEN 1 ELSE a.attempts + 1 END,
      since = CASE WHEN a.since < now() - window_length * identity.growth(a.floods) THEN now() ELSE a.since END,
      floods = a.floods + CASE WHEN a.attempts = allowed AND a.since >= now() - window_length * identity.growth(a.floods) THEN 1 ELSE 0 END
    RETURNING * INTO row;
  RETURN CASE WHEN row.attempts > allowed THEN row.since + window_length * identity.growth(row.floods) END;
END $$;
-- The attempt was right: what was counted in this bucket is forgotten.
CREATE FUNCTION identity.forgive_bucket(wanted text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ DELETE FROM identity.attempt WHERE bucket = wanted $$;

-- The second factor of whoever asks. Nobody else's is reached but to be taken away by the security administrator.
CREATE FUNCTION identity.own_factor() RETURNS TABLE (kind text, secret bytea, confirmed_at timestamptz, pending_kind text, pending_secret bytea, codes_left bigint, demanded boolean)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT f.kind, f.secret, f.confirmed_at, f.pending_kind, f.pending_secret,
    (SELECT count(*) FROM identity.recovery_code c WHERE c.officer_id = o.officer_id AND c.used_at IS NULL),
    identity.factor_demanded(o.duties, o.organisation_id, o.region)
  FROM identity.officer o LEFT JOIN identity.second_factor f USING (officer_id) WHERE o.officer_id = platform.officer()
$$;
CREATE FUNCTION identity.begin_factor(new_kind text, new_secret bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO identity.second_factor (officer_id, kind, pending_kind, pending_secret) VALUES (platform.officer(), new_kind, new_kind, new_secret)
  ON CONFLICT (officer_id) DO UPDATE SET pending_kind = new_kind, pending_secret = new_secret
$$;
CREATE FUNCTION identity.confirm_factor(step bigint, code_hashes text[]) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DELETE FROM identity.recovery_code WHERE officer_id = platform.officer();
  UPDATE identity.second_factor SET kind = pending_kind, secret = pending_secret, confirmed_at = now(), last_step = step, pending_kind = NULL, pending_secret = NULL
    WHERE officer_id = platform.officer() AND pending_secret IS NOT NULL;
  INSERT INTO identity.recovery_code (officer_id, code_hash) SELECT platform.officer(), h FROM unnest(code_hashes) h
$$;
CREATE FUNCTION identity.use_factor_step(step bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH used AS (UPDATE identity.second_factor SET last_step = step WHERE officer_id = platform.officer() AND secret IS NOT NULL AND last_step < step RETURNING 1)
  SELECT EXISTS (SELECT FROM used)
$$;
CREATE FUNCTION identity.use_recovery_code(wanted text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH used AS (UPDATE identity.recovery_code SET used_at = now() WHERE officer_id = platform.officer() AND code_hash = wanted AND used_at IS NULL RETURNING 1)
  SELECT EXISTS (SELECT FROM used)
$$;
-- Returns the sessions ended, but for one's own; null when there was no factor, or it is not his to take.
CREATE FUNCTION identity.remove_factor_of(account bigint) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH allowed AS (
    SELECT o.officer_id FROM identity.officer o WHERE o.officer_id = account
      AND (o.officer_id = platform.officer()
        OR platform.administers(o.organisation_region) AND identity.caller_holds('security-admin'))),
  codes AS (DELETE FROM identity.recovery_code WHERE officer_id IN (SELECT officer_id FROM allowed)),
  gone AS (DELETE FROM identity.second_factor WHERE officer_id IN (SELECT officer_id FROM allowed) RETURNING 1),
  ended AS (
    DELETE FROM identity.session WHERE officer_id IN (SELECT officer_id FROM allowed WHERE officer_id <> platform.officer()) AND EXISTS (SELECT FROM gone) RETURNING 1)
  SELECT (SELECT count(*) FROM ended) WHERE EXISTS (SELECT FROM gone)
$$;
-- Rules are the security administrator's, each for his own area; those for everywhere come with the program.
ALTER TABLE identity.second_factor_rule ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.second_factor_rule FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON identity.second_factor_rule FOR SELECT TO wengang_app
  USING (platform.administers(region) OR region = '' AND nullif(current_setting('app.administers', true), '') IS NOT NULL);
CREATE POLICY kept ON identity.second_factor_rule FOR INSERT TO wengang_app
  WITH CHECK (platform.administers(region) AND identity.caller_holds('security-admin')
    AND (organisation_id IS NULL OR EXISTS (SELECT FROM identity.organisation g WHERE g.organisation_id = second_factor_rule.organisation_id AND platform.administers(g.region))));
CREATE POLICY dropped ON identity.second_factor_rule FOR DELETE TO wengang_app
  USING (platform.administers(region) AND identity.caller_holds('security-admin'));
CREATE POLICY owner_all ON identity.second_factor_rule TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON identity.second_factor_rule TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT (region, duty, organisation_id), DELETE ON identity.second_factor_rule TO wengang_app;
GRANT SELECT, INSERT, DELETE ON identity.second_factor_rule TO wengang_worker;

CREATE FUNCTION identity.set_own_password(new_hash text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE identity.officer SET password_hash = new_hash, must_change_password = false, password_set_at = now() WHERE officer_id = platform.officer()
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA identity FROM public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA identity TO wengang_app;
