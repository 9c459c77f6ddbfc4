-- A department's history, brought from platforms and other archives.

create table record_posted (
  record_id uuid primary key references record (id) on delete cascade,
  posted_at timestamptz(3) not null
);
comment on table record_posted is 'When what a record holds was published, where that is another time than the record''s own: found by it as well.';
create index record_posted_by_time on record_posted (posted_at, record_id);
comment on index record_posted_by_time is 'Records by the time that their content was published.';
revoke update, delete, truncate on record_posted from plainview_app;

create table import (
  id uuid primary key,
  page uuid not null references page (id),
  -- Who started it, as the policy saw them, and its decision. Every record of the import repeats both.
  started_by jsonb not null,
  decision jsonb not null,
  started_at timestamptz not null,
  file_name text not null check (file_name <> ''),
  -- The file or folder on the machine that does the work.
  place text not null,
  -- An uploaded file is deleted when the import ends; another one belongs to somebody.
  uploaded boolean not null,
  bytes bigint not null check (bytes >= 0),
  sha256 text check (sha256 ~ '^[0-9a-f]{64}$'),
  -- Size and time of what was hashed, so that a file that changes in between is noticed.
  fingerprint text,
  reader text,
  reader_version int,
  what text,
  parts int not null default 0,
  -- How far it is: so many parts are done, and of the next one so many things were looked at.
  part int not null default 0 check (part >= 0),
  seen bigint not null default 0 check (seen >= 0),
  tally jsonb not null default '{}',
  first_posted timestamptz,
  last_posted timestamptz,
  remarks int not null default 0,
  trouble text,
  -- Whoever works on it says until when nobody else should.
  lease_until timestamptz,
  finished_at timestamptz,
  refused_at timestamptz,
  refused_because text,
  cancelled_at timestamptz,
  check ((refused_at is null) = (refused_because is null)),
  check (num_nonnulls(finished_at, refused_at, cancelled_at) <= 1)
);
comment on table import is 'One file or folder with a page''s history: who brought it, how far it was read, and what came of it.';
create index import_by_time on import (started_at desc, id);
comment on index import_by_time is 'The list of imports: newest first.';
create index import_open on import (started_at)
  where finished_at is null and refused_at is null and cancelled_at is null;
comment on index import_open is 'What the sweeper looks at: imports begun and not ended.';

create table import_remark (
  import uuid not null references import (id),
  number int not null,
  file text not null,
  at text not null,
  because text not null,
  primary key (import, number)
);
comment on table import_remark is 'What was not taken over, one by one, up to a limit.';

create table import_remark_count (
  import uuid not null references import (id),
  because text not null,
  count int not null check (count > 0),
  primary key (import, because)
);
comment on table import_remark_count is 'How often something was not taken over for one reason; counted without a limit.';

create table imported_item (
  id uuid primary key,
  page uuid not null references page (id),
  reader text not null,
  remote_id text not null check (length(remote_id) between 1 and 500),
  unique (page, reader, remote_id)
);
comment on table imported_item is 'One post, comment or capture of a page''s history, whichever exports it stands in.';

create table imported_version (
  item uuid not null references imported_item (id),
  digest bytea not null check (octet_length(digest) = 32),
  record uuid not null references record (id) on delete cascade,
  import uuid not null references import (id),
  primary key (item, digest)
);
comment on table imported_version is 'Each different content an item was found with. The same content again makes no record.';
create index imported_version_by_record on imported_version (record);
comment on index imported_version_by_record is 'For the disposition of a record.';
