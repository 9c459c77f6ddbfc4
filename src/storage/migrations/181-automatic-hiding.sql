-- Hiding without a person, which a department may switch on for a category, with a threshold, in somebody's name.

create table automatic_hiding (
  id uuid primary key,
  category text not null,
  -- The removal reason that comments are hidden for.
  reason text not null check (reason <> ''),
  threshold real not null check (threshold between 0 and 1),
  -- The share of what was hidden that a person looks at, beside everything near the threshold.
  sample real not null check (sample between 0.01 and 1),
  why text not null check (btrim(why) <> ''),
  by uuid not null references person (id),
  at timestamptz not null,
  ended_at timestamptz,
  ended_by uuid references person (id),
  check ((ended_at is null) = (ended_by is null))
);
comment on table automatic_hiding is 'That comments of a category are hidden without a person from a threshold on: who switched it on, why, and until when.';
create unique index automatic_hiding_open on automatic_hiding (category) where ended_at is null;
comment on index automatic_hiding_open is 'A category has one threshold at most.';

alter table comment_decision add column automatic uuid references automatic_hiding (id);
comment on column comment_decision.automatic is 'No person looked: it was hidden by this threshold. Then `by` is who switched it on and answers for it.';

create table automatic_review (
  decision uuid primary key references comment_decision (id),
  why text not null check (why in ('sample', 'near', 'neither')),
  score real not null,
  reviewed_at timestamptz,
  reviewed_by uuid references person (id),
  check ((reviewed_at is null) = (reviewed_by is null))
);
comment on table automatic_review is 'A comment that was hidden automatically, whether a person has to look at it, and who agreed. A reversal is a later decision to show it.';
create index automatic_review_waiting on automatic_review (decision) where reviewed_at is null and why <> 'neither';
comment on index automatic_review_waiting is 'What waits for a person to look at.';
