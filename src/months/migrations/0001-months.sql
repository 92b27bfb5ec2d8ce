CREATE SCHEMA months;
GRANT USAGE ON SCHEMA months TO wengang_app, wengang_worker;

-- One act of closing: what was known when it was done. Never changed; a month opened again and closed anew has another.
-- Towns and counties close at marks of history of their own. What is above them holds what those below it closed (`included`), so that
-- a city's figures are the sum of what its counties submitted, whatever they have changed since.
CREATE TABLE months.closing (
  closing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL CHECK (length(region) IN (2, 4, 6, 9)),
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  registry_mark bigint,
  registers_mark bigint,
  previous_closing_id bigint REFERENCES months.closing (closing_id),  -- of the month before, as it stood then: what 上月调整 is measured against
  missing text[] COLLATE "C" NOT NULL DEFAULT '{}',  -- regions below that had not closed, named
  note text NOT NULL DEFAULT '',                     -- why they are missing, or why it is closed with work still open
  closed_on date NOT NULL,                           -- business day
  closed_by bigint,
  closed_by_name text NOT NULL,
  organisation text NOT NULL,
  closed_at timestamptz NOT NULL DEFAULT now(),
  UNIQUE (closing_id, region, month),
  CHECK ((registry_mark IS NOT NULL) = (length(region) >= 6)),
  CHECK ((registers_mark IS NULL) = (registry_mark IS NULL)),
  CHECK (cardinality(missing) = 0 OR note <> '')
);
CREATE INDEX closing_region ON months.closing (region, month, closing_id DESC);

CREATE TABLE months.included (
  closing_id bigint NOT NULL REFERENCES months.closing (closing_id),
  child_closing_id bigint NOT NULL REFERENCES months.closing (closing_id),
  region text COLLATE "C" NOT NULL,                  -- of the closing that includes
  PRIMARY KEY (closing_id, child_closing_id)
);

-- Where a region's month stands. No row: open, and nothing has happened yet.
CREATE TABLE months.month (
  region text COLLATE "C" NOT NULL CHECK (length(region) IN (2, 4, 6, 9)),
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'submitted', 'acknowledged', 'returned')),
  closing_id bigint,
  reason text NOT NULL DEFAULT '',                   -- of a return or a reopening
  acknowledged_by text COLLATE "C",                  -- the region whose office acknowledged: only it reopens
  changed_on date NOT NULL,
  changed_by_name text NOT NULL,
  version int NOT NULL DEFAULT 1,
  PRIMARY KEY (region, month),
  -- A closed month is one that a closing of the same region and month stands for; an open one has none.
  FOREIGN KEY (closing_id, region, month) REFERENCES months.closing (closing_id, region, month),
  CHECK ((state IN ('submitted', 'acknowledged')) = (closing_id IS NOT NULL)),
  CHECK ((state = 'acknowledged') = (acknowledged_by IS NOT NULL)),
  CHECK (acknowledged_by IS NULL OR starts_with(region, acknowledged_by)),
  CHECK (state <> 'returned' OR reason <> '')
);

-- Every step of every month, in order.
CREATE TABLE months.step (
  step_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  region text COLLATE "C" NOT NULL,
  month date NOT NULL,
  act text NOT NULL CHECK (act IN ('submit', 'seal', 'acknowledge', 'return', 'reopen')),
  closing_id bigint REFERENCES months.closing (closing_id),
  reason text NOT NULL DEFAULT '',
  officer_id bigint,
  officer_name text NOT NULL,
  organisation text NOT NULL,
  business_date date NOT NULL,
  at timestamptz NOT NULL DEFAULT now(),
  CHECK (act NOT IN ('return', 'reopen') OR reason <> '')
);
CREATE INDEX step_month ON months.step (region, month, step_id);

-- What a town's or county's closing counted, by village (workshops: by town or county). Summed for every region above; counted again
-- from history at any time, and the same (`wengang months --verify`).
CREATE TABLE months.figure (
  closing_id bigint NOT NULL REFERENCES months.closing (closing_id),
  region text COLLATE "C" NOT NULL,
  indicator text NOT NULL CHECK (indicator IN ('workers', 'posts', 'workshops', 'absorbed')),
  total int NOT NULL CHECK (total >= 0),
  lifted int NOT NULL CHECK (lifted BETWEEN 0 AND total),
  monitored int NOT NULL CHECK (monitored BETWEEN 0 AND total),
  low_income int NOT NULL CHECK (low_income BETWEEN 0 AND total),
  entered int NOT NULL CHECK (entered BETWEEN 0 AND total),   -- there at the end of this month, not at the end of the last: both as known at this closing
  gone int NOT NULL CHECK (gone >= 0),
  PRIMARY KEY (closing_id, region, indicator)
);

-- How good the data were when it was closed, by town. `counted` says that figures and quality are all there: a month may well have none.
CREATE TABLE months.quality (
  closing_id bigint NOT NULL REFERENCES months.closing (closing_id),
  region text COLLATE "C" NOT NULL,
  persons int NOT NULL,
  waiting_rows int NOT NULL,                         -- rows of the month's tables that wait for repair
  comparisons int NOT NULL,                          -- comparison tasks that are open
  overdue int NOT NULL,
  decided int NOT NULL,                              -- settled in the month and since
  to_verify int NOT NULL,                            -- persons whose work is to be verified
  PRIMARY KEY (closing_id, region)
);
CREATE TABLE months.counted (
  closing_id bigint PRIMARY KEY REFERENCES months.closing (closing_id),
  region text COLLATE "C" NOT NULL,
  counted_at timestamptz NOT NULL DEFAULT now()
);

-- Who was reminded of what and when: one row per duty, period and step, whatever runs twice.
CREATE TABLE months.reminder (
  reminder_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  owing text COLLATE "C" NOT NULL,                   -- the region that owes it
  duty text NOT NULL,
  month date NOT NULL,
  step text NOT NULL,
  due_on date NOT NULL,
  region text COLLATE "C" NOT NULL,                  -- whose office is told
  permission text NOT NULL,                          -- holders of it are
  sent_on date NOT NULL,
  UNIQUE (owing, duty, month, step)
);
CREATE INDEX reminder_region ON months.reminder (region, reminder_id DESC);

DO $$
DECLARE t text;
BEGIN
  FOREACH t IN ARRAY ARRAY['closing', 'included', 'month', 'step', 'figure', 'quality', 'counted', 'reminder'] LOOP
    EXECUTE format('ALTER TABLE months.%I ENABLE ROW LEVEL SECURITY', t);
    EXECUTE format('ALTER TABLE months.%I FORCE ROW LEVEL SECURITY', t);
    EXECUTE format('CREATE POLICY by_region ON months.%I TO wengang_app USING (platform.sees(region, (SELECT platform.scope()))) WITH CHECK (platform.sees(region, (SELECT platform.scope())))', t);
    EXECUTE format('CREATE POLICY worker_all ON months.%I TO wengang_worker USING (true) WITH CHECK (true)', t);
    EXECUTE format('GRANT SELECT ON months.%I TO wengang_app, wengang_worker', t);
  END LOOP;
END $$;
-- Closings, steps and figures are added to and never changed.
GRANT INSERT ON months.closing, months.included, months.step TO wengang_app;
GRANT INSERT, UPDATE ON months.month TO wengang_app;
GRANT INSERT ON months.figure, months.quality, months.counted, months.reminder TO wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA months TO wengang_app, wengang_worker;
