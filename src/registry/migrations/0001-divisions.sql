CREATE SCHEMA registry;
GRANT USAGE ON SCHEMA registry TO wengang_app, wengang_worker, wengang_auditor;

-- 行政区划. Codes are hierarchical prefixes (2, 4, 6, 9, 12 digits), so a subtree is a prefix range. Dated, because villages merge.
CREATE TABLE registry.region (
  code text COLLATE "C" PRIMARY KEY CHECK (code ~ '^(\d{2}|\d{4}|\d{6}|\d{9}|\d{12})$'),
  level text NOT NULL CHECK (level IN ('province', 'prefecture', 'county', 'town', 'village')),
  name text NOT NULL,
  full_name text NOT NULL,
  parent text COLLATE "C" REFERENCES registry.region (code),
  hosted boolean NOT NULL DEFAULT false,      -- its offices work in this installation
  valid_from date NOT NULL DEFAULT '1900-01-01',
  valid_to date,
  CHECK (valid_to IS NULL OR valid_to > valid_from),
  CHECK ((level = 'province') = (parent IS NULL))
);
CREATE INDEX region_parent ON registry.region (parent);
CREATE INDEX region_name ON registry.region (name text_pattern_ops);

-- Other and former names, each from a dated change: 「排碧村」became part of 「十八洞村」.
CREATE TABLE registry.region_alias (
  alias_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  alias text NOT NULL CHECK (alias <> ''),
  code text COLLATE "C" NOT NULL REFERENCES registry.region (code),
  renamed boolean NOT NULL DEFAULT false,     -- true: the place itself was renamed or merged; false: another way to write it
  valid_from date NOT NULL DEFAULT '1900-01-01',
  valid_to date,
  note text NOT NULL DEFAULT '',
  UNIQUE (alias, code)
);
CREATE INDEX region_alias_code ON registry.region_alias (code);
GRANT SELECT ON registry.region, registry.region_alias TO wengang_app, wengang_worker, wengang_auditor;
GRANT INSERT, UPDATE ON registry.region TO wengang_app, wengang_worker;
GRANT INSERT, UPDATE, DELETE ON registry.region_alias TO wengang_app, wengang_worker;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA registry TO wengang_app, wengang_worker;
