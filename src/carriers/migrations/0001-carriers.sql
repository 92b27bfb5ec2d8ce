CREATE SCHEMA carriers;
GRANT USAGE ON SCHEMA carriers TO wengang_app, wengang_worker;

-- 就业帮扶车间、乡村就业工厂 (C-30), 就业帮扶基地 (C-31). Those called 扶贫车间 and 扶贫基地 before are the same rows under their new names.
CREATE TABLE carriers.carrier (
  carrier_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  kind text NOT NULL CHECK (kind IN ('帮扶车间', '乡村就业工厂', '就业帮扶基地')),
  name text NOT NULL CHECK (name <> ''),
  former_name text,
  employer_id bigint REFERENCES registry.employer (employer_id),   -- whose spells are the work in it
  county text COLLATE "C" NOT NULL,
  township text COLLATE "C",
  industry text,
  capacity int CHECK (capacity >= 0),            -- people it can employ
  opened_on date,
  upgraded_on date,                              -- 帮扶车间 became 乡村就业工厂
  closed_on date,
  CHECK (closed_on >= opened_on)
);
CREATE INDEX carrier_employer ON carriers.carrier (employer_id);
CREATE INDEX carrier_county ON carriers.carrier (county);
SELECT registers.keep('carriers.carrier', 'carrier_id');

-- 认定: of a carrier, by a level; what was found of a base when it applied stands with it.
CREATE TABLE carriers.recognition (
  recognition_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  carrier_id bigint NOT NULL REFERENCES carriers.carrier (carrier_id),
  level text COLLATE "C" NOT NULL CHECK (level IN ('省级', '市级', '县级')),
  document_no text,
  recognised_on date NOT NULL,
  recognised_to date,                            -- last day; null: still in force
  applied boolean,
  well_managed boolean,
  responsible boolean,
  suitable boolean,
  directed boolean,
  absorbs_many boolean,
  retains_well boolean,
  absorbed int CHECK (absorbed >= 0),
  retained int CHECK (retained >= 0),
  UNIQUE (carrier_id, level, recognised_on),
  CHECK (recognised_to >= recognised_on)
);
SELECT registers.keep('carriers.recognition', 'recognition_id');

-- 以工代赈项目 (C-36): one of the four types, or found to be none. Money of enterprises and villages is no fiscal money and stands apart.
CREATE TABLE carriers.relief_project (
  project_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  kind text CHECK (kind IN ('中央预算内投资', '衔接资金任务', '推广以工代赈方式', '政府投资重点工程', '不属于以工代赈')),
  county text COLLATE "C" NOT NULL,
  owner text,
  employer_id bigint REFERENCES registry.employer (employer_id),   -- who builds and employs
  central_funds bigint CHECK (central_funds >= 0),
  provincial_funds bigint CHECK (provincial_funds >= 0),
  local_funds bigint CHECK (local_funds >= 0),
  other_funds bigint CHECK (other_funds >= 0),
  started_on date,
  finished_on date,
  CHECK (finished_on >= started_on)
);
SELECT registers.keep('carriers.relief_project', 'project_id');

-- 核查阶段: when its labour pay is held against the text.
CREATE TABLE carriers.relief_project_stage (
  stage_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  project_id bigint NOT NULL REFERENCES carriers.relief_project (project_id),
  stage text COLLATE "C" NOT NULL CHECK (stage IN ('批复', '月度', '验收')),
  checked_on date NOT NULL,
  labour_pay bigint CHECK (labour_pay >= 0),
  local_labour_pay bigint CHECK (local_labour_pay >= 0),
  paid_in_full boolean,
  workers int CHECK (workers >= 0),
  local_workers int CHECK (local_workers >= 0),
  assisted_workers int CHECK (assisted_workers >= 0),   -- 脱贫人口等农村低收入群体
  UNIQUE (project_id, stage, checked_on),
  CHECK (local_labour_pay <= labour_pay),
  CHECK (local_workers <= workers),
  CHECK (assisted_workers <= workers)
);
SELECT registers.keep('carriers.relief_project_stage', 'stage_id');
GRANT USAGE ON ALL SEQUENCES IN SCHEMA carriers TO wengang_app, wengang_worker;
