CREATE SCHEMA citizens;
GRANT USAGE ON SCHEMA citizens TO wengang_app, wengang_worker;

-- 群众账号: one for a telephone number, known by its keyed hash. Bound to a person of the registry once name, number and telephone agree, or
-- once an officer has seen the document.
CREATE TABLE citizens.account (
  account_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  phone_hash uuid NOT NULL UNIQUE,
  phone_mask text NOT NULL,
  person_id bigint UNIQUE,
  name text,                                           -- real name, once bound
  home_region text COLLATE "C" NOT NULL DEFAULT '',
  bound_at timestamptz,
  bound_by text CHECK (bound_by IN ('registry', 'officer')),
  locked boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_sign_in timestamptz,
  CHECK ((person_id IS NULL) = (bound_at IS NULL)),
  CHECK ((person_id IS NULL) = (name IS NULL))
);
-- Reached by functions only, like officers' sessions.
CREATE TABLE citizens.session (
  session_hash text PRIMARY KEY,
  account_id bigint NOT NULL REFERENCES citizens.account (account_id),
  employer_id bigint,                                  -- for which enterprise it acts; null: for himself
  csrf text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  seen_at timestamptz NOT NULL DEFAULT now(),
  ip text NOT NULL,
  user_agent text NOT NULL
);
CREATE INDEX session_account ON citizens.session (account_id);
-- 短信验证码: only its keyed hash, good once, for five minutes and five guesses.
CREATE TABLE citizens.sms_code (
  phone_hash uuid PRIMARY KEY,
  code_hash text NOT NULL,
  sent_at timestamptz NOT NULL DEFAULT now(),
  guesses int NOT NULL DEFAULT 0
);
-- 短信发件箱: what waits to be handed to the carrier. Number and text lie in an envelope and are gone once handed over or stale.
CREATE TABLE citizens.message (
  message_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  purpose text NOT NULL,
  content bytea,
  written_at timestamptz NOT NULL DEFAULT now(),
  sent_at timestamptz,
  attempts int NOT NULL DEFAULT 0
);
CREATE INDEX message_waiting ON citizens.message (message_id) WHERE content IS NOT NULL;

-- 一次性链接: for one purpose and one person; only the token's digest is kept.
CREATE TABLE citizens.link (
  link_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_hash text NOT NULL UNIQUE,
  purpose text NOT NULL CHECK (purpose IN ('bind-account', 'correction')),
  person_id bigint NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  issued_by bigint NOT NULL,
  issued_by_name text NOT NULL,
  organisation text NOT NULL,
  reason text NOT NULL CHECK (reason <> ''),
  issued_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz,
  used_by bigint REFERENCES citizens.account (account_id),
  revoked_at timestamptz,
  CHECK (expires_at <= issued_at + interval '7 days')
);
CREATE INDEX link_person ON citizens.link (person_id, link_id DESC);

-- 代办授权: who may act for whom, on what authority, from when to when. Written once; ended by the person or by the office.
CREATE TABLE citizens.mandate (
  mandate_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  officer_id bigint NOT NULL,
  officer_name text NOT NULL,
  organisation text NOT NULL,
  authority text NOT NULL CHECK (authority IN ('written', 'witnessed', 'guardian')),
  authorised_on date NOT NULL,
  valid_from date NOT NULL,
  valid_to date NOT NULL,
  evidence_key text NOT NULL UNIQUE,
  evidence_name text NOT NULL,
  note text NOT NULL DEFAULT '',
  recorded_at timestamptz NOT NULL DEFAULT now(),
  revoked_at timestamptz,
  revoked_by text CHECK (revoked_by IN ('person', 'officer')),
  CHECK (valid_from >= authorised_on AND valid_to >= valid_from AND valid_to <= valid_from + 366),
  CHECK ((revoked_at IS NULL) = (revoked_by IS NULL))
);
CREATE INDEX mandate_person ON citizens.mandate (person_id, mandate_id DESC);
CREATE INDEX mandate_region ON citizens.mandate (home_region, mandate_id DESC);

-- 更正申请 (个人信息保护法 第四十六条).
CREATE TABLE citizens.correction (
  correction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  field text NOT NULL,                                 -- of registry.person, or 'other'
  held text,                                           -- what the register held, as shown to the person
  proposed text NOT NULL,                              -- as shown: a number is masked here
  secret bytea,                                        -- the number itself
  reason text NOT NULL CHECK (reason <> ''),
  evidence_key text UNIQUE,
  evidence_name text,
  account_id bigint REFERENCES citizens.account (account_id),
  mandate_id bigint REFERENCES citizens.mandate (mandate_id),
  link_id bigint UNIQUE REFERENCES citizens.link (link_id),
  asked_at timestamptz NOT NULL DEFAULT now(),
  due_on date NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'accepted', 'refused', 'withdrawn')),
  answer text NOT NULL DEFAULT '',
  decided_by bigint,
  decided_by_name text,
  decided_at timestamptz,
  -- Asked by himself, by an officer in his name, or through a link: one of them.
  CONSTRAINT correction_asked_by_one CHECK (num_nonnulls(account_id, mandate_id, link_id) = 1),
  CONSTRAINT correction_answered CHECK (state IN ('waiting', 'withdrawn') OR decided_by IS NOT NULL AND answer <> ''),
  CHECK ((evidence_key IS NULL) = (evidence_name IS NULL))
);
CREATE INDEX correction_person ON citizens.correction (person_id, correction_id DESC);
CREATE INDEX correction_waiting ON citizens.correction (home_region, due_on) WHERE state = 'waiting';
CREATE INDEX correction_region ON citizens.correction (home_region, correction_id DESC);

-- 企业成员: whoever acts for an enterprise. Its legal representative is agreed to by an officer who saw the licence; he invites the others.
CREATE TABLE citizens.member (
  member_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  employer_id bigint NOT NULL,
  employer_name text NOT NULL,                         -- as at the time: who is invited sees it before he is a member
  region text COLLATE "C" NOT NULL,
  account_id bigint REFERENCES citizens.account (account_id),
  phone_hash uuid NOT NULL,
  phone_mask text NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  role text NOT NULL CHECK (role IN ('legal-representative', 'manager', 'clerk')),
  state text NOT NULL CHECK (state IN ('asked', 'invited', 'active', 'refused', 'ended')),
  evidence_key text UNIQUE,
  evidence_name text,
  asked_at timestamptz NOT NULL DEFAULT now(),
  invited_by bigint REFERENCES citizens.member (member_id),
  decided_by bigint,
  decided_by_name text,
  decided_at timestamptz,
  answer text NOT NULL DEFAULT '',
  ended_at timestamptz,
  CHECK ((role = 'legal-representative') = (invited_by IS NULL)),
  CHECK (state NOT IN ('active') OR account_id IS NOT NULL),
  CONSTRAINT representative_agreed CHECK (role <> 'legal-representative' OR state IN ('asked', 'ended') OR decided_by IS NOT NULL)
);
CREATE UNIQUE INDEX member_once ON citizens.member (employer_id, phone_hash) WHERE state IN ('asked', 'invited', 'active');
CREATE UNIQUE INDEX member_one_representative ON citizens.member (employer_id) WHERE role = 'legal-representative' AND state = 'active';
CREATE INDEX member_account ON citizens.member (account_id);
CREATE INDEX member_region ON citizens.member (region, member_id DESC);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['account', 'session', 'sms_code', 'message', 'link', 'mandate', 'correction', 'member'] LOOP
    EXECUTE format('ALTER TABLE citizens.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE citizens.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY owner_all ON citizens.%I TO CURRENT_USER USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;

-- The account's own rows; an officer sees that a person of his area has an account, through account_of_person.
CREATE POLICY own ON citizens.account FOR SELECT TO wengang_app USING (account_id = platform.account());
GRANT SELECT (account_id, phone_hash, phone_mask, person_id, name, home_region, bound_at, bound_by, locked, created_at) ON citizens.account TO wengang_app;

-- Two records found to be of one person are made one by the worker, and a new version of the key seals envelopes anew.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['account', 'link', 'mandate', 'correction'] LOOP
    EXECUTE format('CREATE POLICY worker_all ON citizens.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON citizens.%I TO wengang_worker', t);
  END LOOP;
END $$;

-- The worker hands messages over.
CREATE POLICY worker_all ON citizens.message TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (content, sent_at, attempts) ON citizens.message TO wengang_worker;

CREATE POLICY at_home ON citizens.link FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY issued ON citizens.link FOR INSERT TO wengang_app
  WITH CHECK (platform.sees(home_region, (SELECT platform.scope())) AND issued_by = platform.officer() AND EXISTS (SELECT FROM registry.person p WHERE p.person_id = link.person_id AND p.home_region = link.home_region));
CREATE POLICY revoked ON citizens.link FOR UPDATE TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope()))) WITH CHECK (platform.sees(home_region, (SELECT platform.scope())));
GRANT SELECT (link_id, purpose, person_id, home_region, issued_by, issued_by_name, organisation, reason, issued_at, expires_at, used_at, revoked_at),
  INSERT (token_hash, purpose, person_id, home_region, issued_by, issued_by_name, organisation, reason, expires_at), UPDATE (revoked_at) ON citizens.link TO wengang_app;

CREATE POLICY at_home ON citizens.mandate FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY own ON citizens.mandate FOR SELECT TO wengang_app USING (person_id = platform.person());
CREATE POLICY recorded ON citizens.mandate FOR INSERT TO wengang_app
  WITH CHECK (platform.sees(home_region, (SELECT platform.scope())) AND officer_id = platform.officer() AND revoked_at IS NULL
    AND EXISTS (SELECT FROM registry.person p WHERE p.person_id = mandate.person_id AND p.home_region = mandate.home_region));
CREATE POLICY ended_by_office ON citizens.mandate FOR UPDATE TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())) AND revoked_at IS NULL) WITH CHECK (platform.sees(home_region, (SELECT platform.scope())) AND revoked_by = 'officer');
CREATE POLICY ended_by_person ON citizens.mandate FOR UPDATE TO wengang_app USING (person_id = platform.person() AND revoked_at IS NULL) WITH CHECK (person_id = platform.person() AND revoked_by = 'person');
GRANT SELECT, INSERT (person_id, home_region, officer_id, officer_name, organisation, authority, authorised_on, valid_from, valid_to, evidence_key, evidence_name, note),
  UPDATE (revoked_at, revoked_by) ON citizens.mandate TO wengang_app;

CREATE POLICY at_home ON citizens.correction FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY own ON citizens.correction FOR SELECT TO wengang_app USING (person_id = platform.person());
CREATE POLICY asked_by_himself ON citizens.correction FOR INSERT TO wengang_app
  WITH CHECK (person_id = platform.person() AND account_id = platform.account() AND state = 'waiting' AND platform.employer() IS NULL
    AND EXISTS (SELECT FROM registry.person p WHERE p.person_id = correction.person_id AND p.home_region = correction.home_region));
-- In his name: only on an authority of the officer's own that holds today.
CREATE POLICY asked_in_his_name ON citizens.correction FOR INSERT TO wengang_app
  WITH CHECK (platform.sees(home_region, (SELECT platform.scope())) AND account_id IS NULL AND link_id IS NULL AND state = 'waiting'
    AND EXISTS (SELECT FROM citizens.mandate m WHERE m.mandate_id = correction.mandate_id AND m.person_id = correction.person_id
      AND m.officer_id = platform.officer() AND m.revoked_at IS NULL));
CREATE POLICY answered ON citizens.correction FOR UPDATE TO wengang_app
  USING (platform.sees(home_region, (SELECT platform.scope())) AND state = 'waiting') WITH CHECK (decided_by = platform.officer() AND state IN ('accepted', 'refused'));
CREATE POLICY taken_back ON citizens.correction FOR UPDATE TO wengang_app
  USING (person_id = platform.person() AND state = 'waiting') WITH CHECK (person_id = platform.person() AND state = 'withdrawn' AND decided_by IS NULL);
GRANT SELECT, INSERT (person_id, home_region, field, held, proposed, secret, reason, evidence_key, evidence_name, account_id, mandate_id, due_on),
  UPDATE (state, answer, decided_by, decided_by_name, decided_at) ON citizens.correction TO wengang_app;

CREATE POLICY at_place ON citizens.member FOR SELECT TO wengang_app USING (platform.sees(region, (SELECT platform.scope())));
CREATE POLICY own ON citizens.member FOR SELECT TO wengang_app USING (account_id = platform.account());
CREATE POLICY of_enterprise ON citizens.member FOR SELECT TO wengang_app USING (employer_id = platform.employer());
CREATE POLICY agreed ON citizens.member FOR UPDATE TO wengang_app
  USING (platform.sees(region, (SELECT platform.scope())) AND role = 'legal-representative' AND state = 'asked') WITH CHECK (decided_by = platform.officer() AND state IN ('active', 'refused'));
GRANT SELECT (member_id, employer_id, employer_name, region, account_id, phone_mask, name, role, state, evidence_name, evidence_key, asked_at, invited_by, decided_by_name, decided_at, answer, ended_at),
  UPDATE (state, decided_by, decided_by_name, decided_at, answer) ON citizens.member TO wengang_app;

-- ── Before anybody's scope is known ─────────────────────────────────────────────────────────────────────────────────────

CREATE FUNCTION citizens.keep_code(phone uuid, new_hash text, message_purpose text, message bytea) RETURNS bigint
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DELETE FROM citizens.sms_code WHERE sent_at < now() - interval '1 day';
  INSERT INTO citizens.sms_code (phone_hash, code_hash) VALUES (phone, new_hash)
    ON CONFLICT (phone_hash) DO UPDATE SET code_hash = new_hash, sent_at = now(), guesses = 0;
  UPDATE citizens.message SET content = NULL WHERE content IS NOT NULL AND written_at < now() - interval '10 minutes';
  INSERT INTO citizens.message (purpose, content) VALUES (message_purpose, message) RETURNING message_id
$$;
-- Counts the guess whatever it is; a right one uses the code up.
CREATE FUNCTION citizens.use_code(phone uuid, guess text, life_minutes int, guesses_allowed int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE row citizens.sms_code;
BEGIN
  UPDATE citizens.sms_code SET guesses = guesses + 1 WHERE phone_hash = phone RETURNING * INTO row;
  IF NOT FOUND OR row.guesses > guesses_allowed OR row.sent_at < now() - make_interval(mins => life_minutes) OR row.code_hash <> guess THEN
    RETURN false;
  END IF;
  DELETE FROM citizens.sms_code WHERE phone_hash = phone;
  RETURN true;
END $$;
-- The code was right: the number's account, made now if there is none. Invitations to the number become this account's.
CREATE FUNCTION citizens.enter(phone uuid, mask text) RETURNS TABLE (account_id bigint, locked boolean, fresh boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE known citizens.account; made boolean := false;
BEGIN
  INSERT INTO citizens.account AS a (phone_hash, phone_mask, last_sign_in) VALUES (phone, mask, now())
    ON CONFLICT (phone_hash) DO NOTHING RETURNING * INTO known;
  made := FOUND;
  IF NOT made THEN UPDATE citizens.account a SET last_sign_in = now() WHERE a.phone_hash = phone RETURNING * INTO known; END IF;
  UPDATE citizens.member m SET account_id = known.account_id WHERE m.phone_hash = phone AND m.state = 'invited' AND m.account_id IS NULL;
  RETURN QUERY SELECT known.account_id, known.locked, made;
END $$;
CREATE FUNCTION citizens.open_session(new_hash text, old_hash text, account bigint, for_employer bigint, new_csrf text, from_ip text, agent text, sessions_allowed int) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  PERFORM FROM citizens.account a WHERE a.account_id = account FOR UPDATE;
  IF for_employer IS NOT NULL AND NOT EXISTS (SELECT FROM citizens.member m WHERE m.account_id = account AND m.employer_id = for_employer AND m.state = 'active') THEN
    RETURN false;
  END IF;
  DELETE FROM citizens.session s WHERE s.session_hash = old_hash OR s.seen_at < now() - interval '1 day';
  DELETE FROM citizens.session s WHERE s.session_hash IN (
    SELECT o.session_hash FROM citizens.session o WHERE o.account_id = account ORDER BY o.seen_at DESC, o.created_at DESC OFFSET sessions_allowed - 1);
  INSERT INTO citizens.session (session_hash, account_id, employer_id, csrf, ip, user_agent) VALUES (new_hash, account, for_employer, new_csrf, from_ip, agent);
  RETURN true;
END $$;
-- Whoever is no longer a member of the enterprise acts for it no more, in a session that is open too.
CREATE FUNCTION citizens.use_session(wanted text, idle_minutes int, longest_hours int)
RETURNS TABLE (account_id bigint, csrf text, phone_mask text, name text, person_id bigint, home_region text, employer_id bigint, employer_name text, employer_region text, role text)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH live AS (
    SELECT a.account_id, s.csrf, a.phone_mask, a.name, a.person_id, coalesce(p.home_region, a.home_region) AS home_region,
      m.employer_id, e.name AS employer_name, coalesce(e.region, '') AS employer_region, m.role
    FROM citizens.session s JOIN citizens.account a USING (account_id)
      LEFT JOIN registry.person p ON p.person_id = a.person_id
      LEFT JOIN citizens.member m ON m.account_id = a.account_id AND m.employer_id = s.employer_id AND m.state = 'active'
      LEFT JOIN registry.employer e ON e.employer_id = m.employer_id
    WHERE s.session_hash = wanted AND NOT a.locked AND s.seen_at >= now() - make_interval(mins => idle_minutes)
      AND s.created_at >= now() - make_interval(hours => longest_hours) AND (s.employer_id IS NULL OR m.member_id IS NOT NULL)),
  touched AS (UPDATE citizens.session s SET seen_at = now() WHERE s.session_hash = wanted AND s.seen_at < now() - interval '20 seconds' AND EXISTS (SELECT FROM live)),
  ended AS (DELETE FROM citizens.session s WHERE s.session_hash = wanted AND NOT EXISTS (SELECT FROM live))
  SELECT * FROM live
$$;
CREATE FUNCTION citizens.close_session(wanted text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$ DELETE FROM citizens.session s WHERE s.session_hash = wanted AND s.account_id = platform.account() $$;

-- Binds the asking account to the person whose number, name and telephone agree. False tells nothing of which did not.
CREATE FUNCTION citizens.bind_by_registry(number_hash uuid, real_name text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE found_person registry.person;
BEGIN
  SELECT p.* INTO found_person FROM registry.person_key k JOIN registry.person p USING (person_id)
    JOIN citizens.account a ON a.account_id = platform.account() AND a.person_id IS NULL AND a.phone_hash = p.phone_hash
    WHERE k.key_hash = number_hash AND p.name = real_name AND p.life_state = 'active'
      AND NOT EXISTS (SELECT FROM citizens.account other WHERE other.person_id = p.person_id);
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE citizens.account SET person_id = found_person.person_id, name = found_person.name, home_region = found_person.home_region, bound_at = now(), bound_by = 'registry'
    WHERE account_id = platform.account();
  RETURN true;
END $$;
-- What a link is for, to whoever holds it; used, revoked and stale ones are as if they had never been.
CREATE FUNCTION citizens.read_link(token text) RETURNS TABLE (link_id bigint, purpose text, person_id bigint, person_name text, home_region text, organisation text, expires_at timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT l.link_id, l.purpose, l.person_id, p.name, l.home_region, l.organisation, l.expires_at FROM citizens.link l JOIN registry.person p USING (person_id)
  WHERE l.token_hash = token AND l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at > now()
$$;
-- An officer saw the document: the account that opens the link is this person's. An older account of his loses him, with its sessions.
CREATE FUNCTION citizens.bind_by_link(token text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE used citizens.link;
BEGIN
  IF NOT EXISTS (SELECT FROM citizens.account a WHERE a.account_id = platform.account() AND a.person_id IS NULL) THEN RETURN false; END IF;
  UPDATE citizens.link l SET used_at = now(), used_by = platform.account()
    WHERE l.token_hash = token AND l.purpose = 'bind-account' AND l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at > now() RETURNING * INTO used;
  IF NOT FOUND THEN RETURN false; END IF;
  DELETE FROM citizens.session s USING citizens.account a WHERE s.account_id = a.account_id AND a.person_id = used.person_id;
  UPDATE citizens.account SET person_id = NULL, name = NULL, bound_at = NULL, bound_by = NULL WHERE person_id = used.person_id;
  UPDATE citizens.account a SET person_id = p.person_id, name = p.name, home_region = p.home_region, bound_at = now(), bound_by = 'officer'
    FROM registry.person p WHERE a.account_id = platform.account() AND p.person_id = used.person_id;
  RETURN true;
END $$;
-- One request through a link, from whoever holds it; it is used up by it.
CREATE FUNCTION citizens.ask_by_link(token text, of_field text, proposed_value text, sealed bytea, why text, due date) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE used citizens.link; made bigint;
BEGIN
  UPDATE citizens.link l SET used_at = now() WHERE l.token_hash = token AND l.purpose = 'correction' AND l.used_at IS NULL AND l.revoked_at IS NULL AND l.expires_at > now() RETURNING * INTO used;
  IF NOT FOUND THEN RETURN NULL; END IF;
  INSERT INTO citizens.correction (person_id, home_region, field, proposed, secret, reason, link_id, due_on)
    SELECT p.person_id, p.home_region, of_field, proposed_value, sealed, why, used.link_id, due FROM registry.person p WHERE p.person_id = used.person_id
    RETURNING correction_id INTO made;
  RETURN made;
END $$;

-- ── Enterprises ─────────────────────────────────────────────────────────────────────────────────────────────────────────

-- Asks to be the legal representative of the enterprise of that code. What is answered does not depend on whether there is one.
CREATE FUNCTION citizens.ask_to_represent(code text, file_key text, file_name text) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  INSERT INTO citizens.member (employer_id, employer_name, region, account_id, phone_hash, phone_mask, name, role, state, evidence_key, evidence_name)
    SELECT e.employer_id, e.name, e.region, a.account_id, a.phone_hash, a.phone_mask, a.name, 'legal-representative', 'asked', file_key, file_name
    FROM registry.employer e JOIN citizens.account a ON a.account_id = platform.account() AND a.person_id IS NOT NULL
    WHERE e.credit_code = code AND e.region IS NOT NULL
  ON CONFLICT DO NOTHING
$$;
-- Invited by a representative or a manager of the enterprise for which the session acts; nobody makes himself or a peer more than he is.
CREATE FUNCTION citizens.invite(phone uuid, mask text, staff_name text, staff_role text) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE host citizens.member;
BEGIN
  SELECT * INTO host FROM citizens.member m WHERE m.employer_id = platform.employer() AND m.account_id = platform.account() AND m.state = 'active';
  IF NOT FOUND OR staff_role NOT IN ('manager', 'clerk') OR host.role = 'clerk' OR host.role = 'manager' AND staff_role = 'manager' OR host.phone_hash = phone THEN RETURN false; END IF;
  INSERT INTO citizens.member (employer_id, employer_name, region, account_id, phone_hash, phone_mask, name, role, state, invited_by)
    VALUES (host.employer_id, host.employer_name, host.region, (SELECT a.account_id FROM citizens.account a WHERE a.phone_hash = phone), phone, mask, staff_name, staff_role, 'invited', host.member_id)
    ON CONFLICT DO NOTHING;
  RETURN true;
END $$;
CREATE FUNCTION citizens.answer_invitation(wanted bigint, accept boolean) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH done AS (
    UPDATE citizens.member m SET state = CASE WHEN accept THEN 'active' ELSE 'refused' END
    WHERE m.member_id = wanted AND m.account_id = platform.account() AND m.state = 'invited' RETURNING 1)
  SELECT EXISTS (SELECT FROM done)
$$;
-- A member leaves by himself; a representative ends anybody else, a manager clerks.
CREATE FUNCTION citizens.end_member(wanted bigint) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH host AS (SELECT m.role, m.member_id FROM citizens.member m WHERE m.employer_id = platform.employer() AND m.account_id = platform.account() AND m.state = 'active'),
  done AS (
    UPDATE citizens.member m SET state = 'ended', ended_at = now() FROM host
    WHERE m.member_id = wanted AND m.employer_id = platform.employer() AND m.state IN ('invited', 'active') AND m.role <> 'legal-representative'
      AND (host.role = 'legal-representative' OR host.role = 'manager' AND m.role = 'clerk' OR m.member_id = host.member_id)
    RETURNING m.account_id),
  out AS (DELETE FROM citizens.session s USING done WHERE s.account_id = done.account_id AND s.employer_id = platform.employer())
  SELECT EXISTS (SELECT FROM done)
$$;
-- Whether somebody of the officer's area has an account, for the officer at the person's page.
CREATE FUNCTION citizens.account_of_person(wanted bigint) RETURNS TABLE (phone_mask text, bound_at timestamptz, bound_by text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT a.phone_mask, a.bound_at, a.bound_by FROM citizens.account a JOIN registry.person p USING (person_id) WHERE a.person_id = wanted AND platform.sees(p.home_region, (SELECT platform.scope()))
$$;
-- 谁查看过, with the duties that the officers hold.
CREATE FUNCTION citizens.openings(skipped int, wanted int, shown text, numbers text[]) RETURNS TABLE (at timestamptz, act text, organisation text, duties text[], purpose text, total bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT e.at, e.act, e.organisation, o.duties, e.purpose, e.total FROM audit.openings_of_self(skipped, wanted, shown, numbers) e LEFT JOIN identity.officer o USING (officer_id) ORDER BY e.at DESC
$$;
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA citizens FROM public;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA citizens TO wengang_app;
