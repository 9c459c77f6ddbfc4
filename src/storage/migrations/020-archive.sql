-- The archive: records, the Merkle log that commits to them, and the checkpoints that were signed.

create table record (
  id uuid primary key,
  kind text not null check (kind ~ '^[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*$'),
  subject_kind text not null check (subject_kind <> ''),
  subject_id text not null check (subject_id <> ''),
  page uuid,
  by_kind text not null check (by_kind in ('person', 'visitor', 'platform', 'system')),
  by_id text,
  by_name text,
  at timestamptz(3) not null,
  -- The whole record as canonical JSON (RFC 8785), byte for byte what the log commits to.
  json text not null,
  -- Random, so that nobody can find a record's content out by guessing at the public log's hashes.
  salt bytea not null check (octet_length(salt) = 32),
  words text not null default '',
  -- The policy's clauses behind the decision, if there was one.
  clauses text[] not null default '{}',
  terms tsvector not null generated always as (to_tsvector('english'::regconfig, words)) stored
);
comment on table record is 'What happened, once and for all. The application adds rows and can neither change nor remove one.';
create index record_by_time on record (at desc, id desc);
comment on index record_by_time is 'The newest records first.';
create index record_by_kind on record (kind, at desc, id desc);
comment on index record_by_kind is 'Records of one kind, newest first.';
create index record_by_page on record (page, at desc, id desc) where page is not null;
comment on index record_by_page is 'What happened on one page, newest first.';
create index record_by_person on record (by_id, at desc, id desc) where by_id is not null;
comment on index record_by_person is 'What one person did, newest first.';
create index record_by_subject on record (subject_kind, subject_id, at);
comment on index record_by_subject is 'The timeline of one thing.';
create index record_by_terms on record using gin (terms);
comment on index record_by_terms is 'Search by words.';
create index record_by_clause on record using gin (clauses) where clauses <> '{}';
comment on index record_by_clause is 'Decisions by the clause behind them.';

create table record_blob (
  record_id uuid not null references record (id),
  position int not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes bigint not null,
  media_type text not null,
  role text not null,
  primary key (record_id, position)
);
comment on table record_blob is 'Files that belong to a record: images, and the answers of platforms as they came.';
create index record_blob_by_content on record_blob (sha256);
comment on index record_blob_by_content is 'Which records keep a file.';

create table record_to_log (
  record_id uuid primary key references record (id),
  commitment bytea not null check (octet_length(commitment) = 32)
);
comment on table record_to_log is 'Records committed and not in the log yet. The sequencer takes them out in the transaction that logs them.';

create table log_entry (
  position bigint primary key check (position >= 0),
  record_id uuid not null unique references record (id),
  commitment bytea not null check (octet_length(commitment) = 32)
);
comment on table log_entry is 'The log: what it commits to at each position. A commitment outlives the content it was made from.';

create table log_tile (
  level int not null check (level between 0 and 7),
  index bigint not null check (index >= 0),
  hashes bytea not null check (octet_length(hashes) between 32 and 8192 and octet_length(hashes) % 32 = 0),
  primary key (level, index)
);
-- Hashes do not compress.
alter table log_tile alter column hashes set storage external;
comment on table log_tile is 'The Merkle tree in tiles of up to 256 hashes (C2SP tlog-tiles). A tile grows at its end until it is full.';

create function log_tile_only_grows() returns trigger language plpgsql as $$
begin
  if new.level <> old.level or new.index <> old.index
    or substring(new.hashes for octet_length(old.hashes)) <> old.hashes then
    raise exception 'A tile of the log only grows: level %, index %', old.level, old.index;
  end if;
  return new;
end
$$;
create trigger log_tile_only_grows before update on log_tile
  for each row execute function log_tile_only_grows();

create table checkpoint (
  tree_size bigint primary key check (tree_size > 0),
  root bytea not null check (octet_length(root) = 32),
  note text not null,
  signed_at timestamptz not null
);
comment on table checkpoint is 'Every state of the log that was signed (C2SP signed note).';

revoke update, delete, truncate on record, record_blob, log_entry, checkpoint from plainview_app;
revoke delete, truncate on log_tile from plainview_app;
