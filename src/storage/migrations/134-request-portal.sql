create table request_message (
  id uuid primary key,
  request_id uuid not null references request (id),
  text text not null check (text <> ''),
  -- Null when the requester wrote it.
  by uuid references person (id),
  at timestamptz not null
);
comment on table request_message is 'What requester and records access officer write to each other, beside the letters.';
create index request_message_by_request on request_message (request_id, at);
comment on index request_message_by_request is 'The conversation about one request.';

create table request_message_reading (
  request_id uuid primary key references request (id),
  read_at timestamptz not null
);
comment on table request_message_reading is 'Until when somebody at the desk has read what the requester wrote.';

create table production_publication (
  id uuid primary key,
  production_id uuid not null references production_release (production_id),
  title text not null check (title <> ''),
  summary text not null default '',
  by uuid not null references person (id),
  at timestamptz not null,
  withdrawn_by uuid references person (id),
  withdrawn_at timestamptz,
  check ((withdrawn_by is null) = (withdrawn_at is null))
);
comment on table production_publication is 'A released production in the public reading room.';
create unique index production_publication_open on production_publication (production_id) where withdrawn_at is null;
comment on index production_publication_open is 'A production stands in the reading room once at a time.';
create index production_publication_newest on production_publication (at desc) where withdrawn_at is null;
comment on index production_publication_newest is 'The reading room, the newest first.';

create table request_appeal (
  id uuid primary key,
  request_id uuid not null references request (id),
  -- When it reached the supervisor, and the day by which it has to be determined.
  received_on date not null,
  due date not null check (due > received_on),
  reason text not null check (reason <> ''),
  by uuid not null references person (id),
  at timestamptz not null,
  determined_on date check (determined_on >= received_on),
  outcome text check (outcome in ('upheld', 'overturned', 'overturned-in-part', 'closed')),
  note text not null default '',
  check ((determined_on is null) = (outcome is null))
);
comment on table request_appeal is 'Appeals of the requester to the supervisor of records, as the department learnt of them.';
create unique index request_appeal_open on request_appeal (request_id) where determined_on is null;
comment on index request_appeal_open is 'One appeal about a request runs at a time.';
