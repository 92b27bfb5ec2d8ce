CREATE SCHEMA welfare_posts;
GRANT USAGE ON SCHEMA welfare_posts TO wengang_app, wengang_worker;

-- 公益性岗位 (C-33). Words that texts define are kept as written; which document governs a post is its scheme.
CREATE TABLE welfare_posts.welfare_post (
  post_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  county text COLLATE "C" NOT NULL,
  scheme text NOT NULL CHECK (scheme IN ('乡村公益性岗位', '城乡公益性岗位')),
  post_kind text,                               -- 岗位类型, on which the local standard of pay depends (HN10-12a)
  post_class text CHECK (post_class IN ('公共管理类', '公共服务类', '社会事业类', '设施维护类', '社会治理类')),
  owner text,                                   -- 用人部门: 谁用人、谁管理
  registered boolean,
  recognised boolean,                           -- 人社部门按规定认定: 就业专项资金 pays for no other (E-HN-10)
  part_time boolean,
  quota int CHECK (quota > 0),
  exception boolean,                            -- written approval of pay below half the minimum wage (AMB-14)
  opened_on date,
  closed_on date,
  CHECK (closed_on >= opened_on)
);
SELECT registers.keep('welfare_posts.welfare_post'::regclass, 'post_id');
CREATE INDEX welfare_post_county ON welfare_posts.welfare_post (county);

-- 在岗 (C-34). Two posts held by one person at a time are recorded as they are: E-HN-09 reports them, and only the same post twice is nonsense.
CREATE TABLE welfare_posts.placement (
  placement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  post_id bigint NOT NULL REFERENCES welfare_posts.welfare_post (post_id),
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  started_on date NOT NULL,
  ended_on date,
  end_reason text,
  meets_conditions boolean,                     -- 当地现行安置条件, judged at placement
  rural_surplus boolean,                        -- 农村剩余劳动力 (JN23-05)
  hard_to_employ boolean,                       -- 通过市场渠道难以就业 (JN23-05)
  hard_to_place boolean,                        -- 就业困难人员 when placed (HN03-5.5)
  meets_cited boolean,                          -- 符合公益性岗位开发管理办法, as the office decided
  insured_by_employer boolean,                  -- 意外伤害商业保险 (HN10-12b): its absence never stops pay (AMB-38)
  insured_from date,
  insured_to date,
  CHECK (ended_on >= started_on),
  CHECK (insured_to >= insured_from),
  UNIQUE (post_id, person_id, started_on)
);
SELECT registers.keep('welfare_posts.placement'::regclass, 'placement_id');
CREATE INDEX placement_person ON welfare_posts.placement (person_id);
CREATE UNIQUE INDEX placement_open ON welfare_posts.placement (post_id, person_id) WHERE ended_on IS NULL;

-- Each signing of a contract. 每次签订期限不超过1年 is for E-HN-04 to report, an open end too.
CREATE TABLE welfare_posts.signing (
  signing_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  placement_id bigint NOT NULL REFERENCES welfare_posts.placement (placement_id),
  kind text NOT NULL CHECK (kind IN ('劳动合同', '劳务协议', '未签订')),
  from_on date NOT NULL,
  to_on date,
  CHECK (to_on >= from_on),
  UNIQUE (placement_id, from_on)
);
SELECT registers.keep('welfare_posts.signing'::regclass, 'signing_id');

-- A month on post: attendance, appraisal, and what was paid.
CREATE TABLE welfare_posts.placement_month (
  placement_month_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  placement_id bigint NOT NULL REFERENCES welfare_posts.placement (placement_id),
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  days_on_post int,
  hours int CHECK (hours BETWEEN 0 AND 744),
  appraised boolean,
  flexible_income_fen bigint CHECK (flexible_income_fen >= 0),   -- 近12个月的灵活就业收入, as declared (AMB-26)
  allowance_fen bigint CHECK (allowance_fen >= 0),
  paid_on date,
  CHECK (days_on_post BETWEEN 0 AND extract(day FROM month + interval '1 month - 1 day')),
  UNIQUE (placement_id, month)
);
SELECT registers.keep('welfare_posts.placement_month'::regclass, 'placement_month_id');
