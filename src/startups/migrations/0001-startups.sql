CREATE SCHEMA startups;
GRANT USAGE ON SCHEMA startups TO wengang_app, wengang_worker;

-- 创业实体 (C-50), with its founder. One person may found several, one after another or at a time.
CREATE TABLE startups.entity (
  entity_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),      -- 统一社会信用代码 or registration number
  name text NOT NULL CHECK (name <> ''),
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  county text COLLATE "C" NOT NULL,
  entity_kind text CHECK (entity_kind IN ('小微企业', '个体工商户', '其他企业')),
  registered_on date NOT NULL,
  closed_on date,
  first_founded boolean,                        -- 本人首次创办，含已注销的: as 市场监管 checked it
  operating boolean,                            -- 登记以来正常运营，至今仍在运营
  returnee boolean,                             -- 农民工等返乡下乡创业人员
  CHECK (closed_on >= registered_on)
);
SELECT registers.keep('startups.entity'::regclass, 'entity_id');
CREATE INDEX entity_person ON startups.entity (person_id);
CREATE INDEX entity_county ON startups.entity (county);

-- 创业孵化基地 (C-52) and its yearly selection (HN10-10c).
CREATE TABLE startups.incubator (
  incubator_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  county text COLLATE "C" NOT NULL,
  recognised_on date                            -- 认定为省级创业孵化基地
);
SELECT registers.keep('startups.incubator'::regclass, 'incubator_id');
CREATE TABLE startups.incubator_selection (
  selection_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incubator_id bigint NOT NULL REFERENCES startups.incubator (incubator_id),
  selected_on date NOT NULL,                    -- 评选结果公布日期
  selected boolean,
  brings_jobs boolean,
  sets_example boolean,
  succeeds boolean,
  has_prospects boolean,
  UNIQUE (incubator_id, selected_on)
);
SELECT registers.keep('startups.incubator_selection'::regclass, 'selection_id');

-- 返乡创业园, who rents in it, and what the month's rent and fee would be without reduction (HN24-N2-2).
CREATE TABLE startups.park (
  park_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  county text COLLATE "C" NOT NULL,
  for_returnees boolean
);
SELECT registers.keep('startups.park'::regclass, 'park_id');
CREATE TABLE startups.tenancy (
  tenancy_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  park_id bigint NOT NULL REFERENCES startups.park (park_id),
  entity_id bigint NOT NULL REFERENCES startups.entity (entity_id),
  moved_in_on date NOT NULL,
  moved_out_on date,
  CHECK (moved_out_on >= moved_in_on),
  UNIQUE (park_id, entity_id, moved_in_on)
);
SELECT registers.keep('startups.tenancy'::regclass, 'tenancy_id');
CREATE INDEX tenancy_entity ON startups.tenancy (entity_id);
CREATE TABLE startups.tenancy_month (
  tenancy_month_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  tenancy_id bigint NOT NULL REFERENCES startups.tenancy (tenancy_id),
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  rent_fen bigint CHECK (rent_fen >= 0),
  fee_fen bigint CHECK (fee_fen >= 0),
  charged_fen bigint CHECK (charged_fen >= 0),  -- what the tenant paid for both
  UNIQUE (tenancy_id, month)
);
SELECT registers.keep('startups.tenancy_month'::regclass, 'tenancy_month_id');

-- 创业担保贷款 (C-51). A grant above the cap, or a counter-guarantee where none may be asked, is for E-JN-07 and E-JN-08 to report.
CREATE TABLE startups.loan_application (
  loan_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  borrower_kind text NOT NULL CHECK (borrower_kind IN ('个人', '合伙', '小微企业', '其他企业')),
  person_id bigint REFERENCES registry.person (person_id),       -- the borrower, of partners the one who applies
  employer_id bigint REFERENCES registry.employer (employer_id), -- the borrowing enterprise
  county text COLLATE "C" NOT NULL,
  returnee boolean,
  local_founder boolean,                        -- 就地创业的当地能人
  assisted_employees int CHECK (assisted_employees >= 0),        -- 吸纳就业的脱贫人口
  partners int CHECK (partners > 0),
  qualifies boolean,                            -- 符合创业担保贷款条件, as the lender's office judged
  requested_fen bigint CHECK (requested_fen >= 0),
  requested_on date NOT NULL,
  granted_fen bigint CHECK (granted_fen >= 0),
  granted_on date,
  due_on date,
  counter_guarantee boolean,
  CHECK (CASE WHEN borrower_kind IN ('小微企业', '其他企业') THEN employer_id ELSE person_id END IS NOT NULL),
  CHECK (due_on >= granted_on)
);
SELECT registers.keep('startups.loan_application'::regclass, 'loan_id');
CREATE INDEX loan_person ON startups.loan_application (person_id) WHERE person_id IS NOT NULL;
