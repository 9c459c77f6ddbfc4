-- In an incident, comments on a page of the department's own can be held for review: all of them alike, for hours, by two people.

create table incident_hold (
  id uuid primary key,
  incident uuid not null references incident (id),
  page uuid not null references page (id),
  -- An entry of the pack's incidents.json, and the clause that it names.
  reason text not null check (reason <> ''),
  clause text not null,
  hours int not null check (hours > 0),
  -- Why hiding single comments and slowing new authors is not enough.
  narrower text not null check (btrim(narrower) <> ''),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table incident_hold is 'Somebody proposes to hold a page''s comments for review: why, and for how long. It is in force when it is agreed to.';
create index incident_hold_by_incident on incident_hold (incident, at);
comment on index incident_hold_by_incident is 'What was proposed in an incident, for its screen and summary.';
create index incident_hold_by_page on incident_hold (page, at desc);
comment on index incident_hold_by_page is 'Whether a page''s comments are held, which every comment on it asks.';

create table incident_hold_agreement (
  hold uuid primary key references incident_hold (id),
  -- The second person, or the chief executive who proposed it.
  by uuid not null references person (id),
  at timestamptz not null,
  ends_at timestamptz not null check (ends_at > at)
);
comment on table incident_hold_agreement is 'From here on comments are held, until the end at the latest; nothing holds them after it.';

create table incident_hold_refusal (
  hold uuid primary key references incident_hold (id),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table incident_hold_refusal is 'Nobody agreed, or it was taken back.';

create table incident_hold_end (
  hold uuid primary key references incident_hold_agreement (hold),
  cause text not null check (cause in ('time', 'by hand', 'incident')),
  -- Null when its time ended it, or that of its incident.
  by uuid references person (id),
  at timestamptz not null
);
comment on table incident_hold_end is 'Comments are held no more: when, and by whom.';

create table comment_held (
  comment uuid primary key references comment (id),
  hold uuid not null references incident_hold (id),
  at timestamptz not null,
  -- When the end of the hold showed it; null as long as it is held, and when a moderator decided about it before.
  released_at timestamptz
);
comment on table comment_held is 'A comment that was captured while its page''s comments were held.';
create index comment_held_by_hold on comment_held (hold);
comment on index comment_held_by_hold is 'How many a hold held.';
create index comment_in_hold on comment (id) where state = 'held' and deleted_at is null;
comment on index comment_in_hold is 'What is still to be shown when a hold has ended.';
