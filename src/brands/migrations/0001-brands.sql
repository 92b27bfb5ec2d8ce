CREATE SCHEMA brands;
GRANT USAGE ON SCHEMA brands TO wengang_app, wengang_worker;

-- 劳务品牌 (C-37). The award for a new brand is claimed once in its life, so the claim stands with it.
CREATE TABLE brands.brand (
  brand_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text COLLATE "C" NOT NULL UNIQUE CHECK (code <> ''),
  name text NOT NULL CHECK (name <> ''),
  county text COLLATE "C" NOT NULL,              -- where it is created: county, or prefecture of a brand of several
  industry text,
  organiser text,
  organiser_code text COLLATE "C",               -- as the document of recognition names it
  workers int CHECK (workers >= 0),
  claimant_code text COLLATE "C",
  award_year int CHECK (award_year BETWEEN 2000 AND 2999)
);
SELECT registers.keep('brands.brand', 'brand_id');

-- 认定: a brand rises from level to level.
CREATE TABLE brands.recognition (
  recognition_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  brand_id bigint NOT NULL REFERENCES brands.brand (brand_id),
  level text COLLATE "C" NOT NULL CHECK (level IN ('省级', '市级', '县级')),
  document_no text,
  recognised_on date NOT NULL,
  removed_on date,                               -- first day on which it is none any more
  UNIQUE (brand_id, level, recognised_on),
  CHECK (removed_on > recognised_on)
);
SELECT registers.keep('brands.recognition', 'recognition_id');

-- 评优, once a year.
CREATE TABLE brands.evaluation (
  evaluation_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  brand_id bigint NOT NULL REFERENCES brands.brand (brand_id),
  evaluated_on date NOT NULL,
  grade text CHECK (grade IN ('优秀', '良好', '合格', '不合格')),
  document_no text,
  claimant_code text COLLATE "C",
  UNIQUE (brand_id, evaluated_on)
);
SELECT registers.keep('brands.evaluation', 'evaluation_id');
GRANT USAGE ON ALL SEQUENCES IN SCHEMA brands TO wengang_app, wengang_worker;
