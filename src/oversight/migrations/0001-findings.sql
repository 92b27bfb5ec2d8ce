CREATE SCHEMA oversight;
GRANT USAGE ON SCHEMA oversight TO wengang_app, wengang_worker;

-- 疑点: what a check found of one subject, once, however often it is found again. The facts are those of its latest row.
CREATE TABLE oversight.finding (
  finding_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule_path text COLLATE "C" NOT NULL,           -- the check: 'policies/checks/<id>/<region>.yaml'
  version_id bigint NOT NULL,                    -- the version that found it last
  severity text NOT NULL CHECK (severity IN ('H', 'M', 'L')),
  subject_key text COLLATE "C" NOT NULL,         -- the subject's numbers, joined by '|'; '*' for the person, who stands beside it
  region text COLLATE "C" NOT NULL,              -- whose office it concerns
  person_id bigint,
  outcome text NOT NULL CHECK (outcome IN ('VIOLATION', 'WARNING', 'SUSPECTED')),
  facts jsonb NOT NULL,
  rows int NOT NULL,                             -- rows of the source that it stands for, e.g. months
  first_event_on date,
  event_on date,
  found_on date NOT NULL,
  seen_on date NOT NULL,                         -- business day on which it was found last
  holds boolean NOT NULL DEFAULT true,           -- whether the last time it was asked still found it
  state text NOT NULL CHECK (state IN ('found', 'assigned', 'heard', 'decided', 'closed')),
  due_on date NOT NULL,
  office_region text COLLATE "C" NOT NULL,       -- whose office answers for it
  department text NOT NULL,
  organisation_id bigint,
  organisation_name text,
  officer_id bigint,
  officer_name text,
  decision text CHECK (decision IN ('confirmed', 'unfounded', 'rectified', 'explained')),
  decided_by_name text,
  decided_on date,
  closed_on date,
  closing text CHECK (closing IN ('settled', 'cleared')),
  lock int NOT NULL DEFAULT 1,
  CHECK ((closed_on IS NULL) = (closing IS NULL)),
  CHECK ((state = 'closed') = (closing IS NOT NULL)),
  -- A suspicion is never a finding of fact before a person has heard and decided.
  CHECK (state NOT IN ('decided') OR decision IS NOT NULL)
);
-- By an expression, so that whoever makes two records one does not set a case aside because the other has one like it.
CREATE UNIQUE INDEX finding_subject ON oversight.finding (rule_path, subject_key, (coalesce(person_id, 0)));
CREATE INDEX finding_region ON oversight.finding (region, state, due_on);
CREATE INDEX finding_person ON oversight.finding (person_id) WHERE person_id IS NOT NULL;

-- A case follows its person into another record and back. Where that one has the same case already both stay: the one that came gets a mark
-- in its key, so that it is found no more, and loses the mark when it is alone again.
CREATE FUNCTION oversight.follow_person() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE own text := split_part(NEW.subject_key, '~', 1);
BEGIN
  NEW.subject_key := own || CASE WHEN EXISTS (
    SELECT FROM oversight.finding o WHERE o.rule_path = NEW.rule_path AND o.subject_key = own AND o.person_id = NEW.person_id AND o.finding_id <> NEW.finding_id
  ) THEN '~' || NEW.finding_id ELSE '' END;
  RETURN NEW;
END $$;
CREATE TRIGGER follow_person BEFORE UPDATE OF person_id ON oversight.finding FOR EACH ROW
  WHEN (OLD.person_id <> NEW.person_id) EXECUTE FUNCTION oversight.follow_person();

-- Everything that happened to a finding, append-only.
CREATE TABLE oversight.finding_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  finding_id bigint NOT NULL REFERENCES oversight.finding (finding_id),
  region text COLLATE "C" NOT NULL,              -- of the finding
  act text NOT NULL,
  state text NOT NULL,                           -- after it
  officer_id bigint,
  officer_name text NOT NULL,
  organisation text NOT NULL DEFAULT '',
  party text,                                    -- who was heard
  note text NOT NULL DEFAULT '',
  file_id bigint REFERENCES platform.file (file_id),
  file_name text,
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX finding_event_finding ON oversight.finding_event (finding_id, event_id);

-- How the rows of each county came out when the whole was asked last.
CREATE TABLE oversight.tally (
  rule_path text COLLATE "C" NOT NULL,
  county text COLLATE "C" NOT NULL,
  outcome text NOT NULL,
  rows bigint NOT NULL,
  as_of date NOT NULL,
  PRIMARY KEY (rule_path, county, outcome)
);

DO $$
DECLARE t text; place text;
BEGIN
  FOREACH t IN ARRAY ARRAY['finding', 'finding_event', 'tally'] LOOP
    place := CASE t WHEN 'tally' THEN 'county' ELSE 'region' END;
    EXECUTE format('ALTER TABLE oversight.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE oversight.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY by_region ON oversight.%I TO wengang_app USING (platform.sees(%I, (SELECT platform.scope()))) WITH CHECK (platform.sees(%I, (SELECT platform.scope())))', t, place, place);
    EXECUTE format('CREATE POLICY worker_all ON oversight.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
  END LOOP;
END $$;
GRANT SELECT, UPDATE ON oversight.finding TO wengang_app;
-- A case cannot be deleted without its history, and that is append-only.
GRANT SELECT, INSERT, UPDATE, DELETE ON oversight.finding TO wengang_worker;
GRANT SELECT, INSERT ON oversight.finding_event TO wengang_app, wengang_worker;
GRANT SELECT ON oversight.tally TO wengang_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON oversight.tally TO wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA oversight TO wengang_app, wengang_worker;
