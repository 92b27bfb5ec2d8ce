-- What an office says to payees: messages that tell of a claim and let it be confirmed, letters of decisions; and what payees ask of it.

-- 对外事项设置: how an office names itself, where its decisions can be challenged, how often its messages go out. Without a row the
-- program's samples hold, and say that they are samples.
CREATE TABLE subsidies.payee_office (
  region text COLLATE "C" PRIMARY KEY CHECK (region ~ '^\d{6}$'),
  name text NOT NULL CHECK (name <> ''),
  mark text NOT NULL CHECK (mark <> ''),         -- 机关代字, which begins the number of a letter
  contact text NOT NULL CHECK (contact <> ''),
  review_body text NOT NULL CHECK (review_body <> ''),   -- 行政复议机关
  court text NOT NULL CHECK (court <> ''),
  messages boolean NOT NULL,
  channel text NOT NULL CHECK (channel IN ('sms', 'wechat')),
  every_days int NOT NULL CHECK (every_days BETWEEN 1 AND 365),
  most_messages int NOT NULL CHECK (most_messages BETWEEN 1 AND 10),   -- of one claim
  link_days int NOT NULL CHECK (link_days BETWEEN 1 AND 60),
  quiet_from int NOT NULL CHECK (quiet_from BETWEEN 0 AND 23),         -- hours of China's clocks
  quiet_to int NOT NULL CHECK (quiet_to BETWEEN 0 AND 23),
  set_by_name text NOT NULL,
  set_at timestamptz NOT NULL DEFAULT now()
);

-- 文书模板: wording with placeholders, in versions. One drafts, another approves; what was approved is never changed.
CREATE TABLE subsidies.letter_template (
  template_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL CHECK (region ~ '^\d{6}$'),
  kind text NOT NULL CHECK (kind IN ('acceptance', 'correction', 'refusal', 'award', 'message')),
  version int NOT NULL CHECK (version > 0),
  title text NOT NULL CHECK (title <> ''),
  body text NOT NULL CHECK (body <> ''),
  state text NOT NULL CHECK (state IN ('draft', 'approved')),
  drafted_by bigint NOT NULL,
  drafted_by_name text NOT NULL,
  drafted_at timestamptz NOT NULL DEFAULT now(),
  approved_by bigint,
  approved_by_name text,
  approved_at timestamptz,
  UNIQUE (region, kind, version),
  CHECK ((state = 'approved') = (approved_by IS NOT NULL)),
  CONSTRAINT template_two_hands CHECK (approved_by IS DISTINCT FROM drafted_by)
);
CREATE UNIQUE INDEX letter_template_draft ON subsidies.letter_template (region, kind) WHERE state = 'draft';

-- 文书: as it was issued. `template_id` names the wording; null: the program's own, which stands in `wording`.
CREATE TABLE subsidies.letter (
  letter_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  region text COLLATE "C" NOT NULL,              -- of the claim
  kind text NOT NULL CHECK (kind IN ('acceptance', 'correction', 'refusal', 'award')),
  year int NOT NULL,
  serial int NOT NULL CHECK (serial > 0),
  number text NOT NULL,
  template_id bigint REFERENCES subsidies.letter_template (template_id),
  wording text,
  office text NOT NULL,
  title text NOT NULL,
  body text NOT NULL,
  issued_on date NOT NULL,
  issued_by bigint,
  issued_by_name text NOT NULL,
  digest text NOT NULL,                          -- SHA-256 over number, title, body, office and day
  UNIQUE (region, kind, year, serial),
  UNIQUE (region, number),
  CHECK ((template_id IS NULL) = (wording IS NOT NULL))
);
CREATE INDEX letter_claim ON subsidies.letter (claim_id, letter_id);

-- 消息: one claim told to one payee. The row is there before anything is sent; what was being sent when the worker ended stays 'sending'
-- and is sent by nobody again. The number and the text with its link lie in the envelope and go once they were handed over.
CREATE TABLE subsidies.push (
  push_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  round int NOT NULL CHECK (round > 0),
  region text COLLATE "C" NOT NULL,              -- of the claim
  home_region text COLLATE "C" NOT NULL,         -- of the payee, whose village visits him
  person_id bigint NOT NULL,
  rule_id text NOT NULL,
  title text NOT NULL,
  amount_fen bigint NOT NULL,                    -- as he was told
  channel text NOT NULL CHECK (channel IN ('sms', 'wechat', 'outbox', 'visit')),
  state text NOT NULL CHECK (state IN ('waiting', 'sending', 'sent', 'failed', 'visit', 'visited')),
  phone_mask text NOT NULL DEFAULT '',
  content bytea,
  token_hash text UNIQUE,
  six_hash text,                                 -- keyed: the last six digits of his identity number
  template_id bigint REFERENCES subsidies.letter_template (template_id),
  attempts int NOT NULL DEFAULT 0,
  next_at timestamptz NOT NULL DEFAULT now(),
  problem text,
  written_on date NOT NULL,
  expires_on date NOT NULL,
  sent_at timestamptz,
  opened_at timestamptz,
  tries int NOT NULL DEFAULT 0,
  answer text CHECK (answer IN ('confirm', 'notMine', 'decline', 'otherAccount')),
  answered_on date,
  answered_by text CHECK (answered_by IN ('link', 'account', 'visit')),
  visited_by_name text,
  note text NOT NULL DEFAULT '',
  UNIQUE (claim_id, round),
  CHECK ((channel = 'visit') = (state IN ('visit', 'visited'))),
  CHECK (channel = 'visit' OR (token_hash IS NOT NULL AND six_hash IS NOT NULL)),
  CHECK ((answer IS NULL) = (answered_on IS NULL))
);
CREATE INDEX push_waiting ON subsidies.push (next_at, push_id) WHERE state = 'waiting';
CREATE INDEX push_region ON subsidies.push (region, push_id DESC);
CREATE INDEX push_home ON subsidies.push (home_region, push_id) WHERE channel = 'visit';
CREATE INDEX push_person ON subsidies.push (person_id);

-- Whether somebody wants messages; his last word holds, and without one he gets them.
CREATE TABLE subsidies.message_wish (
  wish_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  wanted boolean NOT NULL,
  said_on date NOT NULL,
  said_by text NOT NULL CHECK (said_by IN ('link', 'account'))
);
CREATE INDEX message_wish_person ON subsidies.message_wish (person_id, wish_id DESC);

-- 复核申请: a payee holds a decision, an amount or a fact to be wrong. Answered by another hand than the one that decided.
CREATE TABLE subsidies.review (
  review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  number text COLLATE "C" NOT NULL UNIQUE GENERATED ALWAYS AS ('FH' || region || '-' || lpad(review_id::text, greatest(6, length(review_id::text)), '0')) STORED,
  claim_id bigint NOT NULL REFERENCES subsidies.claim (claim_id),
  region text COLLATE "C" NOT NULL,              -- of the claim
  person_id bigint,
  employer_id bigint,
  account_id bigint NOT NULL,
  kind text NOT NULL CHECK (kind IN ('refusal', 'amount', 'facts')),
  content text NOT NULL CHECK (content <> ''),
  asked_on date NOT NULL,
  due_on date NOT NULL,
  state text NOT NULL CHECK (state IN ('open', 'upheld', 'rejected', 'withdrawn')),
  answer text,
  decision_by bigint,                            -- who decided what it is about
  decided_by bigint,
  decided_by_name text,
  decided_on date,
  CHECK (num_nonnulls(person_id, employer_id) = 1),
  CHECK ((state IN ('upheld', 'rejected')) = (decided_on IS NOT NULL AND answer <> '')),
  CONSTRAINT review_other_hand CHECK (decided_by IS NULL OR decided_by IS DISTINCT FROM decision_by)
);
CREATE UNIQUE INDEX review_one_open ON subsidies.review (claim_id) WHERE state = 'open';
CREATE INDEX review_region ON subsidies.review (region, state, due_on);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['payee_office', 'letter_template', 'letter', 'push', 'message_wish', 'review'] LOOP
    EXECUTE format('ALTER TABLE subsidies.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE subsidies.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY worker_all ON subsidies.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
  END LOOP;
  FOREACH t IN ARRAY ARRAY['payee_office', 'letter_template', 'letter', 'push', 'review'] LOOP
    EXECUTE format('CREATE POLICY by_region ON subsidies.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
  END LOOP;
END $$;
-- A village's officer, who sees no claim, sees whom of his village he is to visit.
CREATE POLICY at_home ON subsidies.push FOR SELECT TO wengang_app USING (channel = 'visit' AND platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY at_home ON subsidies.message_wish FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())));

-- Scope self, the second wall: a payee reads what is his, and nothing else of these tables.
CREATE POLICY own ON subsidies.claim FOR SELECT TO wengang_app USING (payee_person_id = (SELECT platform.person()) OR payee_employer_id = (SELECT platform.employer()));
CREATE INDEX claim_employer ON subsidies.claim (payee_employer_id) WHERE payee_employer_id IS NOT NULL;
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['claim_item', 'claim_event', 'payment', 'letter'] LOOP
    EXECUTE format('CREATE POLICY own ON subsidies.%1$I FOR SELECT TO wengang_app USING (EXISTS (SELECT FROM subsidies.claim c
      WHERE c.claim_id = %1$I.claim_id AND (c.payee_person_id = (SELECT platform.person()) OR c.payee_employer_id = (SELECT platform.employer()))))', t);
  END LOOP;
END $$;
CREATE POLICY own ON subsidies.payee_account FOR SELECT TO wengang_app USING (EXISTS (SELECT FROM subsidies.claim c
  WHERE c.payee_key = payee_account.payee_key AND (c.payee_person_id = (SELECT platform.person()) OR c.payee_employer_id = (SELECT platform.employer()))));
-- Where an office's decisions can be challenged is for everybody whom they concern to know.
CREATE POLICY own ON subsidies.payee_office FOR SELECT TO wengang_app USING (EXISTS (SELECT FROM subsidies.claim c
  WHERE c.region = payee_office.region AND (c.payee_person_id = (SELECT platform.person()) OR c.payee_employer_id = (SELECT platform.employer()))));
CREATE POLICY own ON subsidies.message_wish TO wengang_app USING (person_id = (SELECT platform.person())) WITH CHECK (person_id = (SELECT platform.person()) AND said_by = 'account');
CREATE POLICY own ON subsidies.review FOR SELECT TO wengang_app USING (person_id = (SELECT platform.person()) OR employer_id = (SELECT platform.employer()));
CREATE POLICY asked ON subsidies.review FOR INSERT TO wengang_app
  WITH CHECK (state = 'open' AND account_id = (SELECT platform.account()) AND EXISTS (SELECT FROM subsidies.claim c WHERE c.claim_id = review.claim_id AND c.region = review.region
    AND (c.payee_person_id = (SELECT platform.person()) AND review.person_id = (SELECT platform.person()) OR c.payee_employer_id = (SELECT platform.employer()) AND review.employer_id = (SELECT platform.employer()))));
CREATE POLICY taken_back ON subsidies.review FOR UPDATE TO wengang_app
  USING ((person_id = (SELECT platform.person()) OR employer_id = (SELECT platform.employer())) AND state = 'open') WITH CHECK (state = 'withdrawn' AND decided_by IS NULL);

GRANT SELECT, INSERT, UPDATE ON subsidies.payee_office TO wengang_app, wengang_worker;
GRANT SELECT, INSERT ON subsidies.letter_template, subsidies.letter TO wengang_app, wengang_worker;
-- What was approved stays; a draft is its drafter's until then.
CREATE FUNCTION subsidies.keep_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state <> 'draft' THEN RAISE EXCEPTION 'an approved wording is never changed'; END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER approved_stays BEFORE UPDATE ON subsidies.letter_template FOR EACH ROW EXECUTE FUNCTION subsidies.keep_approved();
GRANT UPDATE (title, body, state, drafted_by, drafted_by_name, drafted_at, approved_by, approved_by_name, approved_at) ON subsidies.letter_template TO wengang_app;
-- A letter that was issued changes for nobody; names go when a person is erased.
GRANT UPDATE (title, body) ON subsidies.letter TO wengang_worker;
-- Neither the number nor the link nor what proves its holder is anything that who serves can read.
GRANT SELECT (push_id, claim_id, round, region, home_region, person_id, rule_id, title, amount_fen, channel, state, phone_mask, template_id, attempts, next_at, problem,
  written_on, expires_on, sent_at, opened_at, tries, answer, answered_on, answered_by, visited_by_name, note) ON subsidies.push TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON subsidies.push, subsidies.message_wish, subsidies.review TO wengang_worker;
GRANT SELECT, INSERT (person_id, home_region, wanted, said_on, said_by) ON subsidies.message_wish TO wengang_app;
GRANT SELECT, INSERT (claim_id, region, person_id, employer_id, account_id, kind, content, asked_on, due_on, state, decision_by),
  UPDATE (state, answer, decided_by, decided_by_name, decided_on) ON subsidies.review TO wengang_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA subsidies TO wengang_app, wengang_worker;

-- ── Answers of payees ───────────────────────────────────────────────────────────────────────────────────────────────────
-- Whoever holds a link has no scope, and an account may change no claim: these functions do the one thing that each is allowed. They run
-- as the owner, whom forced row security would blind when it is no superuser.
CREATE POLICY owner_all ON subsidies.claim TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON subsidies.claim_item TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON subsidies.claim_event TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON subsidies.push TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE POLICY owner_all ON subsidies.message_wish TO CURRENT_USER USING (true) WITH CHECK (true);

-- Five tries are enough for who knows his own number.
CREATE FUNCTION subsidies.most_tries() RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT 5 $$;

-- The one that a token opens: told of a claim that still waits for its payee, not answered, not tried too often. Whether its last day is
-- over is the reader's to say, who knows the region's day. An answered, revoked or unknown one is as if it had never been.
CREATE FUNCTION subsidies.open_push(token text) RETURNS TABLE (push_id bigint, claim_id bigint, region text, person_id bigint, title text, amount_fen bigint, expires_on date)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  UPDATE subsidies.push p SET opened_at = coalesce(p.opened_at, now()) FROM subsidies.claim c
  WHERE p.token_hash = token AND c.claim_id = p.claim_id AND c.state = 'proposed' AND p.answer IS NULL AND p.tries < subsidies.most_tries()
  RETURNING p.push_id, p.claim_id, p.region, p.person_id, p.title, p.amount_fen, p.expires_on
$$;

-- Writes what a payee said of a claim that waits for him: confirmed, it goes on; otherwise the office reads it and acts.
CREATE FUNCTION subsidies.answer_claim(wanted bigint, said text, way text, words text, by_officer bigint, by_name text, by_organisation text, today date, due date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE subsidies.claim c SET state = CASE WHEN said = 'confirm' THEN 'submitted' ELSE c.state END, due_on = CASE WHEN said = 'confirm' THEN due ELSE c.due_on END, lock = c.lock + 1
    WHERE c.claim_id = wanted AND c.state = 'proposed';
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE subsidies.push p SET answer = said, answered_on = today, answered_by = way WHERE p.claim_id = wanted AND p.answer IS NULL;
  INSERT INTO subsidies.claim_event (claim_id, region, act, state, amount_fen, officer_id, officer_name, organisation, note, business_date)
    SELECT c.claim_id, c.region, said, c.state, c.amount_fen, by_officer, by_name, by_organisation, words, today FROM subsidies.claim c WHERE c.claim_id = wanted;
  RETURN true;
END $$;
-- Counts the try, and says whether the six digits are his. What was tried stays counted whatever follows: the caller commits at once.
CREATE FUNCTION subsidies.try_push(token text, six text) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH tried AS (UPDATE subsidies.push p SET tries = p.tries + 1 WHERE p.token_hash = token AND p.answer IS NULL AND p.tries < subsidies.most_tries() RETURNING p.six_hash = six AS right)
  SELECT coalesce((SELECT t.right FROM tried t), false)
$$;
-- By link, with the six digits again: what was tried before tells nothing of who asks now. Used up by it.
CREATE FUNCTION subsidies.answer_by_link(token text, six text, said text, words text, today date, due date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE told subsidies.push;
BEGIN
  SELECT p.* INTO told FROM subsidies.push p WHERE p.token_hash = token AND p.six_hash = six AND p.answer IS NULL AND p.tries <= subsidies.most_tries() AND p.expires_on >= today FOR UPDATE;
  IF NOT FOUND THEN RETURN false; END IF;
  RETURN subsidies.answer_claim(told.claim_id, said, 'link', words, NULL, '本人', '', today, due);
END $$;
-- No more messages, said by whoever proved himself on the link.
CREATE FUNCTION subsidies.stop_by_link(token text, six text, today date) RETURNS boolean
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH said AS (INSERT INTO subsidies.message_wish (person_id, home_region, wanted, said_on, said_by)
    SELECT p.person_id, p.home_region, false, today, 'link' FROM subsidies.push p WHERE p.token_hash = token AND p.six_hash = six AND p.expires_on >= today RETURNING 1)
  SELECT EXISTS (SELECT FROM said)
$$;
-- From the account that the claim is paid to, person or enterprise.
CREATE FUNCTION subsidies.answer_own(wanted bigint, said text, words text, today date, due date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM subsidies.claim c WHERE c.claim_id = wanted AND (c.payee_person_id = platform.person() OR c.payee_employer_id = platform.employer())) THEN RETURN false; END IF;
  RETURN subsidies.answer_claim(wanted, said, 'account', words, NULL, CASE WHEN platform.employer() IS NULL THEN '本人' ELSE '企业' END, '', today, due);
END $$;
-- From the account too: what was asked for is there, or what nobody has examined yet is taken back. What was prepaid has been paid, and
-- arrears are owed whether they are asked for or not: neither is taken back here. Its rows are free again for another claim.
CREATE FUNCTION subsidies.step_own(wanted bigint, said text, words text, today date, due date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  UPDATE subsidies.claim c SET state = CASE said WHEN 'supply' THEN 'accepted' ELSE 'withdrawn' END, due_on = due, lock = c.lock + 1
    WHERE c.claim_id = wanted AND (c.payee_person_id = platform.person() OR c.payee_employer_id = platform.employer())
      AND CASE said WHEN 'supply' THEN c.state = 'correction' WHEN 'withdraw' THEN c.state IN ('submitted', 'accepted', 'correction') AND c.way IN ('proactive', 'applied') ELSE false END;
  IF NOT FOUND THEN RETURN false; END IF;
  IF said = 'withdraw' THEN
    UPDATE subsidies.claim_item i SET live = false, dropped = '已撤销' WHERE i.claim_id = wanted AND i.live;
  END IF;
  INSERT INTO subsidies.claim_event (claim_id, region, act, state, amount_fen, officer_name, organisation, note, business_date)
    SELECT c.claim_id, c.region, said, c.state, c.amount_fen, CASE WHEN platform.employer() IS NULL THEN '本人' ELSE '企业' END, '', words, today FROM subsidies.claim c WHERE c.claim_id = wanted;
  RETURN true;
END $$;
-- At the door of a person whom no message reaches, by an officer of his village.
CREATE FUNCTION subsidies.answer_at_home(wanted bigint, said text, words text, by_name text, by_organisation text, today date, due date) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
DECLARE told subsidies.push;
BEGIN
  UPDATE subsidies.push p SET state = 'visited', visited_by_name = by_name, note = words
    WHERE p.push_id = wanted AND p.channel = 'visit' AND p.state = 'visit' AND platform.officer() IS NOT NULL AND platform.sees(p.home_region, platform.scope()) RETURNING p.* INTO told;
  IF NOT FOUND THEN RETURN false; END IF;
  IF said IS NULL THEN RETURN true; END IF;
  RETURN subsidies.answer_claim(told.claim_id, said, 'visit', words, platform.officer(), by_name, by_organisation, today, due);
END $$;
REVOKE ALL ON FUNCTION subsidies.open_push, subsidies.answer_claim, subsidies.try_push, subsidies.answer_by_link, subsidies.stop_by_link, subsidies.answer_own, subsidies.step_own, subsidies.answer_at_home FROM public;
GRANT EXECUTE ON FUNCTION subsidies.open_push, subsidies.try_push, subsidies.answer_by_link, subsidies.stop_by_link, subsidies.answer_own, subsidies.step_own, subsidies.answer_at_home TO wengang_app;
