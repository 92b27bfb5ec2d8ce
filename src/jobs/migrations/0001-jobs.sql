CREATE SCHEMA jobs;
GRANT USAGE ON SCHEMA jobs TO wengang_app, wengang_worker;

-- 人力资源服务机构、劳务经纪人等 (C-19). A renewed licence keeps its first day: claims of the years before are judged by it.
CREATE TABLE jobs.agency (
  agency_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  kind text CHECK (kind IN ('人力资源服务机构', '农村劳务经纪人', '其他市场主体', '公共就业服务机构')),
  credit_code text COLLATE "C",
  contact text,
  licence_no text,
  licence_from date,
  licence_to date,                               -- last day; null with a first day: without end
  revoked_on date,                               -- first day without a licence: revoked, or struck off the list
  CHECK (licence_to >= licence_from)
);
SELECT registers.keep('jobs.agency', 'agency_id');

-- 政府购买服务协议: whose district buys introductions from whom.
CREATE TABLE jobs.purchase_agreement (
  agreement_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  county text COLLATE "C" NOT NULL,              -- the buyer's division: a county, or one that contains it
  agency_id bigint NOT NULL REFERENCES jobs.agency (agency_id),
  content text,
  valid_from date NOT NULL,
  valid_to date,
  CHECK (valid_to >= valid_from)
);
CREATE INDEX purchase_agreement_agency ON jobs.purchase_agreement (agency_id);
SELECT registers.keep('jobs.purchase_agreement', 'agreement_id');

-- 劳务介绍 (C-18): one person, one employment. That the work lasted is for the registry's spells to say, not for whoever claims.
CREATE TABLE jobs.introduction (
  introduction_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  agency_id bigint NOT NULL REFERENCES jobs.agency (agency_id),    -- who claims
  introduced_by text COLLATE "C",                                  -- number of the agency as the record of the introduction has it
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  employer_id bigint NOT NULL REFERENCES registry.employer (employer_id),
  organised boolean,
  introduced_on date NOT NULL,
  started_on date,
  occupation text,
  note text
);
CREATE INDEX introduction_person ON jobs.introduction (person_id);
CREATE INDEX introduction_agency ON jobs.introduction (agency_id);
CREATE INDEX introduction_employer ON jobs.introduction (employer_id);
SELECT registers.keep('jobs.introduction', 'introduction_id');

-- 招聘活动 (C-61).
CREATE TABLE jobs.recruitment_event (
  event_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  campaign text,                                 -- 春风行动、就业援助月…
  county text COLLATE "C" NOT NULL,
  place text,
  held_on date,
  kind text CHECK (kind IN ('线下招聘', '线上招聘', '专场招聘', '校园招聘')),
  organiser text,
  organiser_kind text CHECK (organiser_kind IN ('公共就业服务机构', '经营性人力资源服务机构', '高校', '其他')),
  purchased boolean,
  contract_no text,
  recorded boolean,
  meets_cited boolean,                           -- 符合所引文件规定的条件, as the office that pays decided (校园招聘补贴)
  employers int CHECK (employers >= 0),
  openings int CHECK (openings >= 0),
  seekers int CHECK (seekers >= 0),
  hires int CHECK (hires >= 0)
);
SELECT registers.keep('jobs.recruitment_event', 'event_id');
GRANT USAGE ON ALL SEQUENCES IN SCHEMA jobs TO wengang_app, wengang_worker;
