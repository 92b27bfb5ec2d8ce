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
  failed_attempts int NOT NULL DEFAULT 0,
  locked_until timestamptz,                            -- too many wrong passwords; ends by itself
  locked boolean NOT NULL DEFAULT false,               -- by an administrator; ends by an administrator
  active boolean NOT NULL DEFAULT true,
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
  tried_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX unknown_login_tried ON identity.unknown_login (tried_at);
CREATE TABLE identity.sign_in_source (
  source text PRIMARY KEY,                             -- IPv4 address, or /64 network of an IPv6 address
  since timestamptz NOT NULL DEFAULT now(),
  failures int NOT NULL
);
CREATE INDEX sign_in_source_since ON identity.sign_in_source (since);

-- Whether the caller holds a duty, read from his row and not from anything the program says.
CREATE FUNCTION identity.caller_holds(duty text) RETURNS boolean
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT EXISTS (SELECT FROM identity.officer o WHERE o.officer_id = platform.officer() AND o.active AND NOT o.locked AND duty = ANY (o.duties))
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
  platform.administers(region) OR platform.sees(region)
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
  WITH CHECK (platform.administers(organisation_region) AND identity.caller_holds(identity.keeper_of(duties)));
CREATE POLICY changed ON identity.officer FOR UPDATE TO wengang_app
  USING (platform.administers(organisation_region) AND officer_id IS DISTINCT FROM platform.officer()
    AND identity.caller_holds(identity.keeper_of(duties)))
  WITH CHECK (platform.administers(organisation_region) AND officer_id IS DISTINCT FROM platform.officer()
    AND identity.caller_holds(identity.keeper_of(duties)));
-- The password's digest can be written and never read; login and birth of an account never change.
GRANT SELECT (officer_id, login, name, organisation_id, organisation_region, region, duties, must_change_password, failed_attempts,
    locked_until, locked, active, demo, created_at, last_sign_in),
  INSERT (login, name, organisation_id, organisation_region, region, duties, password_hash),
  UPDATE (name, organisation_id, organisation_region, region, duties, password_hash, must_change_password, failed_attempts, locked_until,
    locked, active)
  ON identity.officer TO wengang_app;

-- The worker is the operator's own hand (command line, demo).
CREATE POLICY worker_all ON identity.organisation TO wengang_worker USING (true) WITH CHECK (true);
CREATE POLICY worker_all ON identity.officer TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON identity.organisation, identity.officer TO wengang_worker;
GRANT SELECT (session_hash, officer_id), DELETE ON identity.session TO wengang_worker;
-- The owner serves nobody; the functions run as it, and forced row security would blind them when it is no superuser.
CREATE POLICY owner_all ON identity.organisation TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON identity.officer TO CURRENT_USER USING (true) WITH CHECK (true);

-- Signing in happens before anybody's scope is known; these functions are the only way to that data.

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
    SELECT s.source FROM identity.sign_in_source s WHERE s.since < now() - window_length FOR UPDATE SKIP LOCKED);
  DELETE FROM identity.unknown_login WHERE login_digest IN (
    SELECT u.login_digest FROM identity.unknown_login u WHERE u.tried_at < now() - 2 * lock_length FOR UPDATE SKIP LOCKED);
  INSERT INTO identity.sign_in_source AS s (source, failures) VALUES (from_source, 1)
    ON CONFLICT (source) DO UPDATE SET failures = s.failures + 1
    RETURNING * INTO source_row;
  IF source_row.failures > source_allowed THEN
    RETURN QUERY SELECT 'flooded', NULL::bigint, NULL::text, ''::text, source_row.since + window_length;
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
        locked_until = CASE WHEN locked_to IS NULL AND u.failed_attempts + 1 >= attempts_allowed THEN now() + lock_length END
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
      locked_until = CASE WHEN o.locked_until IS NULL AND o.failed_attempts + 1 >= attempts_allowed THEN now() + lock_length END
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
  UPDATE identity.officer o SET failed_attempts = 0, locked_until = NULL WHERE o.officer_id = account;
  RETURN QUERY SELECT o.name, g.name, o.region, o.must_change_password, o.locked, o.active AND g.active
    FROM identity.officer o JOIN identity.organisation g USING (organisation_id) WHERE o.officer_id = account;
END $$;

-- Always a new session; the one that came with the request is closed, and the oldest beyond the allowed number too.
CREATE FUNCTION identity.open_session(new_hash text, old_hash text, account bigint, new_csrf text, from_ip text, agent text, sessions_allowed int)
RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT FROM identity.officer WHERE officer_id = account FOR UPDATE;
  DELETE FROM identity.session WHERE session_hash = old_hash OR seen_at < now() - interval '1 day';
  DELETE FROM identity.session WHERE session_hash IN (
    SELECT s.session_hash FROM identity.session s WHERE s.officer_id = account ORDER BY s.seen_at DESC, s.created_at DESC OFFSET sessions_allowed - 1);
  UPDATE identity.officer SET last_sign_in = now() WHERE officer_id = account;
  INSERT INTO identity.session (session_hash, officer_id, csrf, ip, user_agent) VALUES (new_hash, account, new_csrf, from_ip, agent)
$$;

-- Finds a live session and ends a dead one. Touched at most every 20 seconds: a page asks for several things at once.
-- touch is false for what the screen asks for by itself, which must not keep an unattended desk signed in.
CREATE FUNCTION identity.use_session(wanted text, touch boolean, idle_minutes int, longest_hours int)
RETURNS TABLE (officer_id bigint, csrf text, name text, organisation text, region text, duties text[], must_change_password boolean)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH live AS (
    SELECT o.officer_id, s.csrf, o.name, g.name AS organisation, o.region, o.duties, o.must_change_password
    FROM identity.session s JOIN identity.officer o USING (officer_id) JOIN identity.organisation g USING (organisation_id)
    WHERE s.session_hash = wanted AND s.seen_at >= now() - make_interval(mins => idle_minutes)
      AND s.created_at >= now() - make_interval(hours => longest_hours) AND o.active AND NOT o.locked AND g.active),
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
  WHERE o.officer_id = account AND s.seen_at >= now() - make_interval(mins => idle_minutes)
    AND (platform.administers(o.organisation_region) OR o.officer_id = platform.officer())
$$;

CREATE FUNCTION identity.set_own_password(new_hash text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE identity.officer SET password_hash = new_hash, must_change_password = false WHERE officer_id = platform.officer()
$$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA identity FROM public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA identity TO wengang_app;
