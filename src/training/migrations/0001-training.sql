CREATE SCHEMA training;
GRANT USAGE ON SCHEMA training TO wengang_app, wengang_worker;

CREATE TABLE training.provider (
  provider_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  county text COLLATE "C" NOT NULL,
  licence_no text,                              -- 办学许可证
  licence_from date,
  licence_to date,
  CHECK (licence_to >= licence_from)
);
SELECT registers.keep('training.provider'::regclass, 'provider_id');

-- 培训班 (C-45), filed before it begins.
CREATE TABLE training.training_class (
  class_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  provider_id bigint NOT NULL REFERENCES training.provider (provider_id),
  county text COLLATE "C" NOT NULL,
  training_kind text CHECK (training_kind IN ('就业技能培训', '岗位技能提升培训', '创业培训', '金蓝领培训', '其他培训')),
  occupation text,                              -- 工种, on which the subsidy standard depends (HN10-14a)
  payment_mode text CHECK (payment_mode IN ('整建制购买', '直补机构', '补个人')),
  started_on date NOT NULL,
  ended_on date,
  hours int CHECK (hours > 0),
  held_together boolean,                        -- 集中开展
  meets_standard boolean,                       -- 课时等符合职业培训补贴标准, as the office that filed it judged
  CHECK (ended_on >= started_on)
);
SELECT registers.keep('training.training_class'::regclass, 'class_id');
CREATE INDEX training_class_county ON training.training_class (county);

-- 参训 (C-46). More days attended than the class has, or two classes on one day, is for E-HN-24 to report.
CREATE TABLE training.enrolment (
  enrolment_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  class_id bigint NOT NULL REFERENCES training.training_class (class_id),
  person_id bigint NOT NULL REFERENCES registry.person (person_id),
  days_attended int CHECK (days_attended >= 0),
  rural_worker boolean,                         -- what the trainee was when the class began: 农村劳动力,
  returnee boolean,                             -- 返乡下乡创业人员,
  local_founder boolean,                        -- 就地创业的当地能人
  passed boolean,                               -- 考核合格并取得证书
  level_reached text CHECK (level_reached IN ('未达到等级', '初级工', '中级工', '高级工', '技师', '高级技师')),
  certificate_no text,
  certified_on date,
  UNIQUE (class_id, person_id)
);
SELECT registers.keep('training.enrolment'::regclass, 'enrolment_id');
CREATE INDEX enrolment_person ON training.enrolment (person_id);
