-- What was changed: the cells' values before and after, per row version. A creation needs no row here, because the row itself
-- names the batch that created it; walking back from the present through `before` gives every earlier version.
CREATE TABLE registry.change (
  change_id bigint GENERATED ALWAYS AS IDENTITY,
  person_id bigint NOT NULL,
  entity text NOT NULL,                        -- table name without schema
  entity_key jsonb NOT NULL,                   -- the rest of the primary key, e.g. {"employment_id": "7"}
  act text NOT NULL CHECK (act IN ('create', 'update', 'delete')),
  before jsonb,
  after jsonb,
  batch_id bigint,
  source smallint NOT NULL CHECK (source BETWEEN 1 AND 32),
  reason text NOT NULL DEFAULT '',
  officer_id bigint,
  officer_name text,                           -- as at the time: officers are renamed, and other domains' rows are not joined
  home_region text COLLATE "C" NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (person_id, change_id)
);
-- How far the history has come, asked before every apply.
CREATE INDEX change_order ON registry.change (change_id);
CREATE INDEX change_batch ON registry.change (batch_id, change_id) WHERE batch_id IS NOT NULL;

-- 比对任务: two sources disagree and nobody may decide silently.
CREATE TABLE registry.comparison (
  comparison_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL,
  home_region text COLLATE "C" NOT NULL,
  reason text NOT NULL,                        -- reason code, e.g. X2
  entity text NOT NULL,
  entity_key jsonb NOT NULL DEFAULT '{}',
  field text NOT NULL,
  held_value text,
  held_source smallint REFERENCES registry.source (source),
  claimed_value text,                          -- masked where the field is a number of the person
  claimed_secret bytea,                        -- an envelope in the form of person.secret that holds the number itself
  claimed_source smallint NOT NULL REFERENCES registry.source (source),
  batch_id bigint,
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'kept', 'adopted', 'withdrawn')),
  due_on date,
  decided_by bigint,
  decided_by_name text,
  decided_at timestamptz,
  decision_note text,
  raised_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX comparison_open ON registry.comparison (home_region, comparison_id) WHERE state = 'open';
CREATE INDEX comparison_person ON registry.comparison (person_id);
CREATE INDEX comparison_batch ON registry.comparison (batch_id) WHERE batch_id IS NOT NULL;

-- Row security: the person's own rows are seen at home; the worker works for whole batches.
DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['person', 'person_key', 'person_access', 'household', 'person_category', 'contract',
                           'insurance_month', 'wage_month', 'other_record', 'change', 'comparison'] LOOP
    EXECUTE format('ALTER TABLE registry.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE registry.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY home ON registry.%I TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope()))) WITH CHECK (platform.sees(home_region, (SELECT platform.scope())))', t);
    EXECUTE format('CREATE POLICY worker_all ON registry.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON registry.%I TO wengang_worker', t);
    EXECUTE format('GRANT SELECT, INSERT, UPDATE ON registry.%I TO wengang_app', t);
  END LOOP;
END $$;
-- History goes with the person: whoever sees him now sees what happened before he moved.
DROP POLICY home ON registry.change;
CREATE POLICY change_of_seen_person ON registry.change FOR SELECT TO wengang_app USING (EXISTS (SELECT 1 FROM registry.person p WHERE p.person_id = change.person_id));
CREATE POLICY change_written_at_home ON registry.change FOR INSERT TO wengang_app WITH CHECK (platform.sees(home_region, (SELECT platform.scope())));
-- History is append-only for everybody who serves.
REVOKE UPDATE, DELETE ON registry.change FROM wengang_app, wengang_worker;

-- A new version of the key seals the history's envelopes anew; nothing else of a row of history can be changed by anybody.
CREATE POLICY owner_reseals ON registry.change TO CURRENT_USER USING (true) WITH CHECK (true);
CREATE FUNCTION registry.reseal_history(side text, persons bigint[], changes bigint[], olds bytea[], news bytea[]) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
  WITH resealed AS (
    UPDATE registry.change c SET
      before = CASE WHEN side = 'before' THEN jsonb_set(c.before, '{secret}', to_jsonb('\x' || encode(n.new, 'hex'))) ELSE c.before END,
      after = CASE WHEN side = 'after' THEN jsonb_set(c.after, '{secret}', to_jsonb('\x' || encode(n.new, 'hex'))) ELSE c.after END
    FROM unnest(persons, changes, olds, news) AS n(person_id, change_id, old, new)
    WHERE c.person_id = n.person_id AND c.change_id = n.change_id
      AND (CASE side WHEN 'before' THEN c.before WHEN 'after' THEN c.after END) ->> 'secret' = '\x' || encode(n.old, 'hex')
    RETURNING 1)
  SELECT count(*)::int FROM resealed
$$;
REVOKE ALL ON FUNCTION registry.reseal_history(text, bigint[], bigint[], bytea[], bytea[]) FROM public;
GRANT EXECUTE ON FUNCTION registry.reseal_history(text, bigint[], bigint[], bytea[], bytea[]) TO wengang_worker;

-- Employment is seen at home and where the work is.
ALTER TABLE registry.employment ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.employment FORCE ROW LEVEL SECURITY;
CREATE POLICY home_or_work ON registry.employment FOR SELECT TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope())) OR platform.sees(work_region, (SELECT platform.scope())));
CREATE POLICY home_writes ON registry.employment FOR INSERT TO wengang_app WITH CHECK (platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY home_updates ON registry.employment FOR UPDATE TO wengang_app USING (platform.sees(home_region, (SELECT platform.scope()))) WITH CHECK (platform.sees(home_region, (SELECT platform.scope())));
CREATE POLICY worker_all ON registry.employment TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON registry.employment TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.employment TO wengang_worker;

-- An employer is seen in its region; one outside the hosted areas belongs to nobody here and is seen by all who see business.
-- Hosted is judged by prefecture, because of some provinces only one prefecture works here.
ALTER TABLE registry.employer ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.employer FORCE ROW LEVEL SECURITY;
CREATE FUNCTION registry.is_hosted(region text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT EXISTS (SELECT 1 FROM registry.region r WHERE r.hosted AND r.code = left(region, 4)) $$;
CREATE POLICY by_region ON registry.employer TO wengang_app
  USING (platform.sees(region, (SELECT platform.scope())) OR (coalesce(current_setting('app.region', true), '') <> '' AND NOT registry.is_hosted(coalesce(region, ''))))
  WITH CHECK (platform.sees(region, (SELECT platform.scope())) OR (coalesce(current_setting('app.region', true), '') <> '' AND NOT registry.is_hosted(coalesce(region, ''))));
CREATE POLICY worker_all ON registry.employer TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, UPDATE ON registry.employer TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.employer TO wengang_worker;
-- What a written name means is known to all, as it is one answer for the installation; given and taken back only by who sees the employer.
ALTER TABLE registry.employer_alias ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.employer_alias FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON registry.employer_alias FOR SELECT TO wengang_app USING (true);
CREATE POLICY links ON registry.employer_alias FOR INSERT TO wengang_app
  WITH CHECK (EXISTS (SELECT 1 FROM registry.employer e WHERE e.employer_id = employer_alias.employer_id));
CREATE POLICY unlinks ON registry.employer_alias FOR DELETE TO wengang_app
  USING (EXISTS (SELECT 1 FROM registry.employer e WHERE e.employer_id = employer_alias.employer_id));
CREATE POLICY worker_all ON registry.employer_alias TO wengang_worker USING (true) WITH CHECK (true);
GRANT SELECT, INSERT, DELETE ON registry.employer_alias TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON registry.employer_alias TO wengang_worker;

-- Names of places are public; who may add one is decided by the place.
ALTER TABLE registry.region_alias ENABLE ROW LEVEL SECURITY;
ALTER TABLE registry.region_alias FORCE ROW LEVEL SECURITY;
CREATE POLICY read_all ON registry.region_alias FOR SELECT TO wengang_app, wengang_auditor USING (true);
CREATE POLICY adds ON registry.region_alias FOR INSERT TO wengang_app WITH CHECK (platform.sees(code, (SELECT platform.scope())));
CREATE POLICY removes ON registry.region_alias FOR DELETE TO wengang_app USING (platform.sees(code, (SELECT platform.scope())));
CREATE POLICY worker_all ON registry.region_alias TO wengang_worker USING (true) WITH CHECK (true);

GRANT SELECT ON registry.source, registry.field_authority TO wengang_app, wengang_worker, wengang_auditor;
GRANT INSERT, UPDATE, DELETE ON registry.source, registry.field_authority TO wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA registry TO wengang_app, wengang_worker;

-- The card function runs as the owner, which forced row security would blind when it is no superuser. The owner serves nobody.
CREATE POLICY owner_all ON registry.person FOR SELECT TO CURRENT_USER USING (true);
CREATE POLICY owner_all ON registry.person_access FOR SELECT TO CURRENT_USER USING (true);

-- The minimal card of people who live, work or are insured in a region that is not their home: no identity number, no contact.
-- `scope` is the asker's own area, which keeps the search to a range of the index; row security's setting decides besides.
-- `wanted` is the ground, null for every one.
CREATE FUNCTION registry.person_card(wanted text, scope text) RETURNS TABLE (
  person_id bigint, name text, sex smallint, identity_mask text, home_county text, region text, ground text, valid_from date, valid_to date)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS $$
  SELECT p.person_id, p.name, p.sex, p.identity_mask, left(p.home_region, 6), a.region, a.ground, a.valid_from, a.valid_to
  FROM registry.person_access a JOIN registry.person p USING (person_id)
  WHERE (person_card.wanted IS NULL OR a.ground = person_card.wanted) AND a.region >= person_card.scope AND a.region < person_card.scope || ':' AND platform.sees(a.region, (SELECT platform.scope()))
$$;
REVOKE ALL ON FUNCTION registry.person_card(text, text) FROM public;
GRANT EXECUTE ON FUNCTION registry.person_card(text, text) TO wengang_app;

-- After a large load the planner must know the new sizes before the next statement, not when autovacuum comes by.
-- Runs as the owner, for only he may ANALYZE before version 17.
CREATE FUNCTION registry.refresh_statistics() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog AS $$
BEGIN
  ANALYZE registry.person, registry.person_key, registry.person_access, registry.person_category, registry.household, registry.employment,
    registry.contract, registry.insurance_month, registry.wage_month, registry.other_record, registry.change, registry.comparison;
END $$;
REVOKE ALL ON FUNCTION registry.refresh_statistics() FROM public;
GRANT EXECUTE ON FUNCTION registry.refresh_statistics() TO wengang_worker;
