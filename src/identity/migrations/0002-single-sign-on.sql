-- A sign-in at the provider that has begun: tied to the browser it began in, good once and for ten minutes. Reached by functions only.
CREATE TABLE identity.single_sign_on_attempt (
  state_hash text PRIMARY KEY,
  browser_hash text NOT NULL,
  nonce text NOT NULL,
  verifier bytea NOT NULL,
  begun_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT (state_hash, verifier), UPDATE (verifier) ON identity.single_sign_on_attempt TO wengang_worker;
CREATE INDEX single_sign_on_attempt_begun ON identity.single_sign_on_attempt (begun_at);

-- Whom a subject of the provider stands for here. A claim of the provider only proposes it; the security administrator agrees.
CREATE TABLE identity.link (
  link_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  issuer text NOT NULL,
  subject text NOT NULL,
  claim text NOT NULL,
  officer_id bigint NOT NULL REFERENCES identity.officer (officer_id),
  organisation_region text COLLATE "C" NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused')),
  requested_at timestamptz NOT NULL DEFAULT now(),
  decided_by bigint REFERENCES identity.officer (officer_id),
  decided_by_name text,
  decided_at timestamptz,
  UNIQUE (issuer, subject),
  CONSTRAINT link_not_by_oneself CHECK (decided_by <> officer_id),
  CHECK ((state = 'waiting') = (decided_by IS NULL))
);
CREATE UNIQUE INDEX link_one_each ON identity.link (issuer, officer_id) WHERE state = 'approved';
CREATE INDEX link_region ON identity.link (organisation_region, link_id DESC);
ALTER TABLE identity.link ENABLE ROW LEVEL SECURITY;
ALTER TABLE identity.link FORCE ROW LEVEL SECURITY;
CREATE POLICY seen ON identity.link FOR SELECT TO wengang_app USING (platform.administers(organisation_region));
CREATE POLICY decided ON identity.link FOR UPDATE TO wengang_app
  USING (platform.administers(organisation_region) AND identity.caller_holds('security-admin') AND officer_id <> platform.officer())
  WITH CHECK (decided_by = platform.officer() AND state <> 'waiting');
CREATE POLICY owner_all ON identity.link TO CURRENT_USER USING (true) WITH CHECK (true);
GRANT SELECT, UPDATE (state, decided_by, decided_by_name, decided_at) ON identity.link TO wengang_app;

CREATE FUNCTION identity.begin_single_sign_on(new_state text, browser text, new_nonce text, new_verifier bytea) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DELETE FROM identity.single_sign_on_attempt WHERE begun_at < now() - interval '1 hour';
  INSERT INTO identity.single_sign_on_attempt (state_hash, browser_hash, nonce, verifier) VALUES (new_state, browser, new_nonce, new_verifier)
$$;
-- Takes it away, so that it is good once; nothing for another browser, another state, or too late.
CREATE FUNCTION identity.take_single_sign_on(wanted text, browser text) RETURNS TABLE (nonce text, verifier bytea)
LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  DELETE FROM identity.single_sign_on_attempt a
  WHERE a.state_hash = wanted AND a.browser_hash = browser AND a.begun_at > now() - interval '10 minutes'
  RETURNING a.nonce, a.verifier
$$;
-- The account that an agreed link leads to; otherwise a link to the account of the claimed login is asked for, if there is one.
CREATE FUNCTION identity.linked_account(of_issuer text, of_subject text, claimed text)
RETURNS TABLE (officer_id bigint, name text, organisation text, region text, must_change_password boolean, locked boolean, active boolean)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  RETURN QUERY SELECT o.officer_id, o.name, g.name, o.region, o.must_change_password, o.locked, o.active AND o.approved AND g.active
    FROM identity.link l JOIN identity.officer o ON o.officer_id = l.officer_id JOIN identity.organisation g ON g.organisation_id = o.organisation_id
    WHERE l.issuer = of_issuer AND l.subject = of_subject AND l.state = 'approved';
  IF NOT FOUND THEN
    INSERT INTO identity.link (issuer, subject, claim, officer_id, organisation_region)
      SELECT of_issuer, of_subject, claimed, o.officer_id, o.organisation_region FROM identity.officer o WHERE o.login = lower(claimed) AND o.approved
      ON CONFLICT (issuer, subject) DO NOTHING;
  END IF;
END $$;
REVOKE ALL ON FUNCTION identity.begin_single_sign_on(text, text, text, bytea), identity.take_single_sign_on(text, text), identity.linked_account(text, text, text) FROM public;
GRANT EXECUTE ON FUNCTION identity.begin_single_sign_on(text, text, text, bytea), identity.take_single_sign_on(text, text), identity.linked_account(text, text, text) TO wengang_app;
