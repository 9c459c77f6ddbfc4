create table request_letter (
  id uuid primary key,
  request_id uuid not null references request (id),
  -- The pack's template that it was begun with.
  template text not null,
  -- Whom it goes to. The requester reads those to the supervisor as well.
  recipient text not null check (recipient in ('requester', 'supervisor')),
  subject text not null check (subject <> ''),
  body text not null check (body <> ''),
  by uuid not null references person (id),
  at timestamptz not null,
  sent_on date not null
);
comment on table request_letter is 'Letters as they were sent: shown to the requester with their code, and printed for who left no address here.';
create index request_letter_by_request on request_letter (request_id, at);
comment on index request_letter_by_request is 'The letters of one request, in order.';

alter table request_extension drop constraint request_extension_basis_check;
alter table request_extension add check (basis in ('own-word', 'agreed', 'supervisor'));
comment on table request_extension is 'More time for the records: once by the department''s own word, once by agreement with the requester, once by leave of the supervisor of records.';

create table request_petition (
  request_id uuid primary key references request (id),
  letter_id uuid not null references request_letter (id),
  factors text[] not null check (cardinality(factors) > 0),
  filed_on date not null,
  by uuid not null references person (id)
);
comment on table request_petition is 'A petition to the supervisor of records for more time; there is one at most.';

create table request_petition_determination (
  request_id uuid primary key references request_petition (request_id),
  granted boolean not null,
  determined_on date not null,
  note text not null default '',
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table request_petition_determination is 'What the supervisor of records decided. What was granted is an extension.';

create table request_pause (
  id uuid primary key,
  request_id uuid not null references request (id),
  -- One of the pack's reasons; it says which clock it stops.
  reason text not null check (reason <> ''),
  stops text not null check (stops in ('records', 'nothing')),
  began_on date not null,
  ended_on date check (ended_on >= began_on),
  -- The day by which the records are due after the pause; null while it lasts or when it stopped nothing.
  due date,
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table request_pause is 'What a request waits for. The first written response is due whatever it waits for.';
create unique index request_pause_open on request_pause (request_id, reason) where ended_on is null;
comment on index request_pause_open is 'A request waits for the same thing once at a time.';
