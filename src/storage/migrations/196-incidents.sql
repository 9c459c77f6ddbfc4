-- Incidents: for a while many more comments come than usual, and somebody answers for what is done about it.

create table incident (
  id uuid primary key,
  reason text not null check (btrim(reason) <> ''),
  by uuid not null references person (id),
  at timestamptz not null,
  -- Set beforehand: then it ends by itself.
  ends_at timestamptz not null check (ends_at > at),
  ended_at timestamptz,
  -- Null when its time ended it.
  ended_by uuid references person (id),
  check (ended_by is null or ended_at is not null)
);
comment on table incident is 'Somebody declared that a storm of comments is on: why, until when, and who ended it.';
create index incident_open on incident (ends_at) where ended_at is null;
comment on index incident_open is 'What is going on now, and whose time has come.';
create index incident_by_time on incident (at desc, id desc);
comment on index incident_by_time is 'The list, newest first.';

create table incident_page (
  incident uuid not null references incident (id),
  page uuid not null references page (id),
  primary key (incident, page)
);
comment on table incident_page is 'The pages that an incident is about.';
create index incident_page_by_page on incident_page (page);
comment on index incident_page_by_page is 'The incidents of a page.';

create table incident_slowing (
  id uuid primary key,
  incident uuid not null references incident (id),
  -- A new author may comment once in so many minutes.
  minutes int not null check (minutes > 0),
  by uuid not null references person (id),
  at timestamptz not null,
  ended_at timestamptz,
  -- Null when the incident's time ended it.
  ended_by uuid references person (id),
  -- How often a comment was not taken yet because of it.
  slowed int not null default 0,
  check (ended_by is null or ended_at is not null)
);
comment on table incident_slowing is 'New authors comment less often on an incident''s own pages for a while: the same for all, whatever they say.';
create unique index incident_slowing_open on incident_slowing (incident) where ended_at is null;
comment on index incident_slowing_open is 'An incident slows authors in one way at a time.';
create index incident_slowing_by_incident on incident_slowing (incident, at);
comment on index incident_slowing_by_incident is 'What an incident did, for its summary.';
