create table request_estimate (
  id uuid primary key,
  request_id uuid not null references request (id),
  -- Hours for search and for redaction, rate, pages and other costs, as they were entered.
  entries jsonb not null,
  -- What follows from them by the law, in cents.
  total_cents int not null check (total_cents >= 0),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table request_estimate is 'Fee estimates in good faith; the latest counts.';
create index request_estimate_by_request on request_estimate (request_id, at desc);
comment on index request_estimate_by_request is 'The latest estimate of a request.';

create table request_payment (
  id uuid primary key,
  request_id uuid not null references request (id),
  cents int not null check (cents > 0),
  paid_on date not null,
  note text not null default '',
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table request_payment is 'What the requester paid.';
create index request_payment_by_request on request_payment (request_id);
comment on index request_payment_by_request is 'The payments for one request.';

create table request_task (
  id uuid primary key,
  request_id uuid not null references request (id),
  title text not null check (title <> ''),
  assignee uuid not null references person (id),
  due date not null,
  -- Time spent on it, for the report; null while nobody has said.
  minutes int check (minutes >= 0),
  by uuid not null references person (id),
  at timestamptz not null,
  done_by uuid references person (id),
  done_at timestamptz,
  check ((done_by is null) = (done_at is null))
);
comment on table request_task is 'Work on a request that is given to a colleague.';
create index request_task_by_request on request_task (request_id, due);
comment on index request_task_by_request is 'The tasks of one request, the earliest first.';
create index request_task_open on request_task (assignee, due) where done_at is null;
comment on index request_task_open is 'What waits for one person.';
