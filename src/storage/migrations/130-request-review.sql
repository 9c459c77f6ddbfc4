-- What becomes of each collected record, and the renditions that go out in place of originals.

create function thread_of_record(wanted uuid) returns text language sql stable as $$
  select coalesce(
    case when r.subject_kind = 'comment' then
      (select 'post ' || (c.json::json #>> '{content,post}') from record c
        where c.subject_kind = 'comment' and c.subject_id = r.subject_id and c.kind = 'comment.capture'
        order by c.at limit 1)
    end,
    r.subject_kind || ' ' || r.subject_id)
  from record r where r.id = wanted
$$;
comment on function thread_of_record(uuid) is 'What a record belongs to when it is read: a comment to its post, everything else to its subject.';

create function words_of_record(wanted uuid) returns text language sql stable as $$
  select case when btrim(words) = '' then id::text
    else md5(lower(btrim(regexp_replace(words, '\s+', ' ', 'g')))) end
  from record where id = wanted
$$;
comment on function words_of_record(uuid) is 'The same for records that say the same, whatever their spaces and capitals.';

alter table request_record
  add column thread text not null default '',
  add column alike text not null default '';
update request_record set thread = thread_of_record(record_id), alike = words_of_record(record_id);
create index request_record_by_likeness on request_record (request_id, alike);
comment on index request_record_by_likeness is 'The records of a collection that say the same, to decide on them together.';

create table request_review (
  request_id uuid not null,
  record_id uuid not null,
  decision text not null check (decision in ('release', 'redact', 'withhold')),
  -- Letters of the exemptions and why they apply to what is withheld, as the requester will read it.
  exemptions text[] not null default '{}',
  why text not null default '',
  -- What is taken out of a redacted record: ranges of text, areas of images, whole files.
  marks jsonb not null default '[]',
  -- Rises with every change, so that nobody overwrites what they have not seen.
  revision int not null,
  by uuid not null references person (id),
  at timestamptz not null,
  -- The second look at a redaction, by somebody else.
  confirmed_by uuid references person (id),
  confirmed_at timestamptz,
  primary key (request_id, record_id),
  foreign key (request_id, record_id) references request_record (request_id, record_id) on delete cascade,
  check (decision = 'release' or (cardinality(exemptions) > 0 and btrim(why) <> '')),
  check ((decision = 'redact') = (marks <> '[]')),
  check ((confirmed_by is null) = (confirmed_at is null)),
  check (confirmed_by <> by)
);
comment on table request_review is 'What the records access officer decided about a collected record. Without a row it was not reviewed and goes into no production.';

alter table production_record
  add column decision text not null default 'release' check (decision in ('release', 'redact', 'withhold')),
  add column exemptions text[] not null default '{}',
  add column why text not null default '',
  add column marks jsonb not null default '[]';
comment on table production_record is 'What was reviewed when the production was ordered, with the decisions of then; later changes leave it alone.';

create table production_rendition (
  production_id uuid not null,
  record_id uuid not null,
  form text not null check (form in ('redacted', 'withheld')),
  -- The record as it is released, canonical JSON without what was taken out; null when it is withheld as a whole.
  json text,
  -- The record that says what was withheld and why, and names the rendition by its hash.
  statement uuid not null references record (id),
  primary key (production_id, record_id),
  foreign key (production_id, record_id) references production_record (production_id, record_id),
  check ((form = 'redacted') = (json is not null))
);
comment on table production_rendition is 'What goes out in place of an original that is redacted or withheld. A released record has none: it goes out as it is.';

create table request_desk (
  singleton boolean primary key default true check (singleton),
  second_look boolean not null,
  population int check (population > 0),
  hourly_rate_cents int check (hourly_rate_cents >= 0)
);
comment on table request_desk is 'How this department works on requests: whether redactions get a second look, and what the fees depend on.';
