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

create table request (
  id uuid primary key,
  number text not null unique,
  text text not null check (text <> ''),
  -- What the requester said about the time they look at and the form they want; null when they said nothing.
  about_from date,
  about_to date,
  format text check (format <> ''),
  channel text not null check (channel in ('form', 'in-person', 'letter', 'email', 'fax', 'telephone')),
  requester_name text check (requester_name <> ''),
  arrived_on date not null,
  received_on date not null check (received_on >= arrived_on),
  response_due date not null check (response_due > received_on),
  entered_by uuid references person (id),
  entered_at timestamptz not null,
  check ((channel = 'form') = (entered_by is null)),
  check (about_from <= about_to)
);
comment on table request is 'What somebody asked for, in their words, and the days that follow by law. The name is null when the requester keeps it.';
create index request_by_due on request (response_due, id);
comment on index request_by_due is 'The desk: oldest deadline first.';

create table request_contact (
  request_id uuid primary key references request (id),
  sealed text not null
);
comment on table request_contact is 'Where the requester can be reached, encrypted; no row when they left nothing.';

create table request_code (
  request_id uuid primary key references request (id),
  digest text not null unique,
  sealed text not null
);
comment on table request_code is 'The code with which a requester follows a request: a keyed digest to find it by, and the code encrypted, so that the records access officer can put it in a letter.';

create table request_form_use (
  address_digest text not null,
  used_at timestamptz not null
);
comment on table request_form_use is 'Keyed digests of addresses that sent the public form lately, to slow a flood; older rows are deleted.';
create index request_form_use_by_address on request_form_use (address_digest, used_at);
comment on index request_form_use_by_address is 'How often one address sent the form in the last hour.';

create table request_acknowledgement (
  request_id uuid primary key references request (id),
  text text not null check (text <> ''),
  by uuid not null references person (id),
  at timestamptz not null,
  sent_on date not null
);
comment on table request_acknowledgement is 'The first written response, due within the response time; only one sent in time lets a fee be charged.';

create table request_extension (
  request_id uuid not null references request (id),
  basis text not null check (basis in ('own-word', 'supervisor')),
  due date not null,
  reason text not null check (reason <> ''),
  by uuid not null references person (id),
  at timestamptz not null,
  written_on date not null,
  primary key (request_id, basis)
);
comment on table request_extension is 'More time for the records: once by the department''s own word, once by leave of the supervisor of records.';

create table request_record (
  request_id uuid not null references request (id),
  record_id uuid not null references record (id),
  by uuid not null references person (id),
  at timestamptz not null,
  primary key (request_id, record_id)
);
comment on table request_record is 'Records collected to answer a request. Adding or taking out changes no record.';

create table production (
  id uuid primary key,
  request_id uuid not null references request (id),
  by uuid not null references person (id),
  at timestamptz not null,
  -- Whether the requester may take it as soon as it is ready, without another look.
  release_when_ready boolean not null,
  records int not null check (records > 0),
  records_done int not null default 0 check (records_done between 0 and records),
  -- Set each time the job begins, so the screen can tell a slow job from one that never began.
  begun_at timestamptz,
  trouble text,
  cancelled_at timestamptz
);
comment on table production is 'A bag of copies made from a collection, ordered by one person.';
create index production_by_request on production (request_id, at);
comment on index production_by_request is 'The productions of one request, in order.';

create table production_record (
  production_id uuid not null references production (id),
  record_id uuid not null references record (id),
  primary key (production_id, record_id)
);
comment on table production_record is 'What was in the collection when the production was ordered; later changes of the collection leave it alone.';

create table production_bag (
  production_id uuid primary key references production (id),
  finished_at timestamptz not null,
  bytes bigint not null,
  sha256 text not null
);
comment on table production_bag is 'A finished production: size and SHA-256 of its tar file.';

create table production_part (
  production_id uuid not null references production_bag (production_id),
  position int not null,
  sha256 text not null,
  bytes int not null,
  primary key (production_id, position)
);
comment on table production_part is 'The tar file of a production in pieces, each a kept file named by its SHA-256.';

create table production_release (
  production_id uuid primary key references production_bag (production_id),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table production_release is 'From here on the requester can take the production with their code.';

create table request_closure (
  request_id uuid primary key references request (id),
  outcome text not null check (outcome in ('provided', 'provided-in-part', 'no-records', 'denied', 'withdrawn')),
  answer text not null check (answer <> ''),
  exemptions text[] not null default '{}',
  by uuid not null references person (id),
  at timestamptz not null,
  closed_on date not null,
  -- A denial without the exemption that allows it is no lawful denial (950 CMR 32.06(3)).
  check (outcome not in ('denied', 'provided-in-part') or cardinality(exemptions) > 0)
);
comment on table request_closure is 'The written answer that ends a request and stops its clock.';
