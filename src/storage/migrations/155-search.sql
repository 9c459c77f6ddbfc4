-- Finding records: what is hidden or deleted now, who looked for what, searches that are kept.

create table concealment (
  subject_kind text not null,
  subject_id text not null,
  state text not null check (state in ('hidden', 'deleted')),
  since timestamptz not null,
  primary key (subject_kind, subject_id)
);
comment on table concealment is 'Things that the public can''t see any more, as their records tell it. Opening a record about one is itself recorded.';
create index concealment_by_state on concealment (state);
comment on index concealment_by_state is 'Search for what is hidden, or deleted.';

insert into concealment (subject_kind, subject_id, state, since)
select distinct on (subject_kind, subject_id) subject_kind, subject_id,
  case when kind = 'comment.removal' then 'hidden' else 'deleted' end, at
from record r
where kind in ('comment.removal', 'comment.deletion', 'post.deletion')
  and (kind <> 'comment.removal' or not exists (
    select from record s where s.kind = 'comment.restoration'
      and s.subject_kind = r.subject_kind and s.subject_id = r.subject_id and s.at >= r.at))
-- What was deleted is deleted, whatever else was decided about it.
order by subject_kind, subject_id, kind = 'comment.removal', at desc;

create index request_review_by_record on request_review (record_id) where decision <> 'release';
comment on index request_review_by_record is 'Whether an original is withheld or redacted in some request: opening it is recorded.';

create table saved_search (
  id uuid primary key,
  person uuid not null references person (id),
  name text not null check (btrim(name) <> ''),
  -- As the search's screen has it in its address, and as the archive is asked.
  address text not null,
  query jsonb not null,
  alerts boolean not null,
  saved_at timestamptz not null,
  -- Records up to this place of the log are known to the person.
  seen_to bigint not null check (seen_to >= 0),
  -- Records up to this place were looked at, and so many of those after seen_to match.
  checked_to bigint not null check (checked_to >= seen_to),
  new_matches int not null default 0 check (new_matches >= 0),
  -- When the first of them was noticed.
  new_since timestamptz,
  check ((new_matches = 0) = (new_since is null)),
  unique (person, name)
);
comment on table saved_search is 'A search that somebody keeps, and may be told about when records come that match.';
