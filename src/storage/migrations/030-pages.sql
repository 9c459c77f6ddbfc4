-- The department's official pages: registration, approval, connection, introduction.

create table page (
  id uuid primary key,
  platform text not null check (platform <> ''),
  title text not null check (title <> ''),
  address text not null,
  slug text unique check (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
  purpose text not null check (purpose <> ''),
  scope text not null,
  audiences text[] not null default '{}',
  website text not null,
  contact text not null,
  comment_policy text not null check (comment_policy in ('open', 'off')),
  comment_topic text not null default '',
  author_line text not null check (author_line in ('department', 'name-and-title', 'initials', 'none')),
  -- What the policy wants every page to say, made to fit the platform when the page was last saved.
  disclosures text not null,
  left_out text[] not null default '{}',
  -- Rises when something changes that the approval covers, so that an older approval no longer counts.
  revision int not null default 1,
  registered_by uuid not null references person (id),
  registered_at timestamptz not null
);
comment on table page is 'A place where the department speaks: what it is for and how it must introduce itself.';

create table page_administrator (
  page uuid not null references page (id),
  person uuid not null references person (id),
  primary key (page, person)
);
comment on table page_administrator is 'Who looks after a page.';

create table page_approval (
  id uuid primary key,
  page uuid not null references page (id),
  revision int not null,
  author uuid not null references person (id),
  at timestamptz not null,
  reasons text not null default '',
  unique (page, revision)
);
comment on table page_approval is 'The chief executive or a designee agreed to this revision of a page.';

create table page_refusal (
  id uuid primary key,
  page uuid not null references page (id),
  revision int not null,
  author uuid not null references person (id),
  at timestamptz not null,
  reasons text not null check (reasons <> ''),
  unique (page, revision)
);
comment on table page_refusal is 'The chief executive or a designee refused this revision of a page, and why.';

create table page_connection (
  page uuid primary key references page (id),
  fields jsonb not null,
  saved_by uuid not null references person (id),
  saved_at timestamptz not null
);
comment on table page_connection is 'How to reach the account a page is kept with. Every value is sealed with a key kept outside the database.';

create table page_introduction (
  id uuid primary key,
  page uuid not null references page (id),
  revision int not null,
  ordered_at timestamptz not null,
  done_at timestamptz,
  refused_because text,
  trouble text,
  check (done_at is null or refused_because is null),
  unique (page, revision)
);
comment on table page_introduction is 'Writing the introduction and disclosures to the profile; trouble says why it has not worked yet.';
