CREATE SCHEMA subsidies;
GRANT USAGE ON SCHEMA subsidies TO wengang_app, wengang_worker;

-- 已享受的补贴: what was paid before or beside this installation, in any county. Limits count it (每年一次, 期限合并计算, 不重复享受). The row's
-- region is the payer's. One benefit paid twice is for E-ALL-06 to report; the number of the payment alone is unique.
CREATE TABLE subsidies.past_benefit (
  past_benefit_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  benefit text NOT NULL CHECK (benefit IN ('劳务输出就业创业服务补助', '一次性交通补助', '社会保险补贴', '以工代训职业培训补贴', '一次性创业补贴', '乡村就业工厂（帮扶车间）吸纳奖补', '省级劳务品牌认定补助', '省级劳务品牌评优补助')),
  person_id bigint REFERENCES registry.person (person_id),
  employer_id bigint REFERENCES registry.employer (employer_id),
  workshop_id bigint,                           -- of register carriers and, below, brands: other domains' numbers, hence no foreign key
  brand_id bigint,
  event_date date NOT NULL,                     -- the day that decided on year and window when it was granted (AMB-03)
  month_from date CHECK (extract(day FROM month_from) = 1),
  month_to date CHECK (extract(day FROM month_to) = 1),
  amount_fen bigint CHECK (amount_fen >= 0),
  paid_on date,
  fund text,
  CHECK ((month_from IS NULL) = (month_to IS NULL) AND month_to >= month_from),
  CHECK (num_nonnulls(person_id, employer_id, workshop_id, brand_id) > 0)
);
SELECT registers.keep('subsidies.past_benefit'::regclass, 'past_benefit_id');
CREATE INDEX past_benefit_person ON subsidies.past_benefit (person_id) WHERE person_id IS NOT NULL;
CREATE INDEX past_benefit_kind ON subsidies.past_benefit (benefit);

-- 以工代训 (HN10-09b): a month of training on the job, counted from its first day; what the roster says beside the ledger's spells.
CREATE TABLE subsidies.work_training (
  work_training_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  employer_id bigint NOT NULL REFERENCES registry.employer (employer_id),
  month_from date NOT NULL,
  trained boolean,
  reviewed boolean,                             -- 经人力资源社会保障部门审核
  meets_cited boolean,                          -- fulfils the document that the text refers to, as the office decided
  UNIQUE (person_id, employer_id, month_from)
);
SELECT registers.keep('subsidies.work_training'::regclass, 'work_training_id');
CREATE INDEX work_training_employer ON subsidies.work_training (employer_id);

-- 社会保险补贴审核: what the office decided of one person's contributions, with an employer or, without one, as flexibly employed. The last
-- decision holds.
CREATE TABLE subsidies.insurance_review (
  insurance_review_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  employer_id bigint REFERENCES registry.employer (employer_id),
  decided_on date NOT NULL,
  meets_cited boolean,
  rural_worker boolean,
  founded_by_returnee boolean,
  meets_returnee_rules boolean
);
SELECT registers.keep('subsidies.insurance_review'::regclass, 'insurance_review_id');
CREATE INDEX insurance_review_person ON subsidies.insurance_review (person_id, employer_id, decided_on DESC);
