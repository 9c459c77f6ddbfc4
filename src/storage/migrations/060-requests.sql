-- Public-records requests, from arrival to closure.

create table closed_day (
  day date primary key,
  reason text not null check (reason <> ''),
  set_by uuid not null references person (id),
  set_at timestamptz not null default now()
);
comment on table closed_day is 'Days on which the office is closed beyond weekends and legal holidays; no clock counts them.';

create table request_number (
  year int primary key,
  last int not null
);
comment on table request_number is 'The last number given out in a year, so that numbers follow each other without a gap.';

create table records_request (
  id uuid primary key,
  number text not null unique,
  words text not null check (words <> ''),
  came_by text not null check (came_by in ('form', 'in-person', 'letter', 'email', 'fax', 'telephone')),
  requester_name text check (requester_name <> ''),
  requester_contact text check (requester_contact <> ''),
  arrived_on date not null,
  received_on date not null check (received_on >= arrived_on),
  response_due date not null check (response_due > received_on),
  entered_by uuid references person (id),
  entered_at timestamptz not null,
  check ((came_by = 'form') = (entered_by is null))
);
comment on table records_request is 'What somebody asked for, in their words, and the days that follow by law. Name and contact are null when the requester keeps them.';
create index records_request_by_due on records_request (response_due, id);
comment on index records_request_by_due is 'The desk: oldest deadline first.';

create table request_code (
  request uuid primary key references records_request (id),
  digest text not null unique,
  made_at timestamptz not null
);
comment on table request_code is 'A keyed digest of the code with which a requester follows a request; the code itself is kept nowhere.';

create table request_item (
  request uuid not null references records_request (id),
  record uuid not null references record (id),
  added_by uuid not null references person (id),
  added_at timestamptz not null,
  primary key (request, record)
);
comment on table request_item is 'Records collected to answer a request. Adding or taking out changes no record.';

create table production (
  id uuid primary key,
  request uuid not null references records_request (id),
  ordered_by uuid not null references person (id),
  ordered_at timestamptz not null,
  items int not null check (items > 0),
  items_done int not null default 0 check (items_done between 0 and items),
  -- Set each time the job begins, so the screen can tell a slow job from one that never began.
  begun_at timestamptz,
  trouble text,
  cancelled_at timestamptz
);
comment on table production is 'A bag of copies made from a collection; the folder productions/<id> holds it.';
create index production_by_request on production (request, ordered_at);
comment on index production_by_request is 'The productions of one request, in order.';

create table production_item (
  production uuid not null references production (id),
  record uuid not null references record (id),
  primary key (production, record)
);
comment on table production_item is 'What was in the collection when the production was ordered; later changes of the collection leave it alone.';

create table production_bag (
  production uuid primary key references production (id),
  finished_at timestamptz not null,
  bytes bigint not null,
  tar_sha256 text not null,
  manifest_sha512 text not null
);
comment on table production_bag is 'A finished bag: size and digest of its archive file, digest of its tag manifest.';

create table production_release (
  production uuid primary key references production_bag (production),
  released_by uuid not null references person (id),
  released_at timestamptz not null
);
comment on table production_release is 'From here on the requester can take the production with their code.';

create table request_closure (
  request uuid primary key references records_request (id),
  outcome text not null check (outcome in ('provided', 'provided-in-part', 'no-records', 'denied', 'withdrawn')),
  answer text not null check (answer <> ''),
  exemptions text[] not null default '{}',
  closed_by uuid not null references person (id),
  closed_at timestamptz not null,
  closed_on date not null,
  -- A denial without the exemption that allows it is no lawful denial (950 CMR 32.06(3)).
  check (outcome not in ('denied', 'provided-in-part') or cardinality(exemptions) > 0)
);
comment on table request_closure is 'The written answer that ends a request and stops its clock.';
