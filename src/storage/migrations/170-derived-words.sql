-- Words that a machine reads from the files of a record, and the language of a record's own words. Both are derived: no
-- hash covers them, they can be made anew at any time, and they go when the record or the file goes.

create table file_reading (
  -- SHA-256 of a stored file. A file is read once, however many records name it.
  file text primary key check (file ~ '^[0-9a-f]{64}$'),
  media_type text not null,
  wanted_at timestamptz not null default now(),
  -- Somebody is reading it until then; a process that died leaves it to the next one.
  taken_until timestamptz,
  attempts int not null default 0,
  read_at timestamptz,
  -- Empty when there is nothing to read in it.
  words text not null default '',
  -- Why it could not be read.
  trouble text
);
comment on table file_reading is 'What a machine read in pictures and captions. It helps to find and is never part of a record.';
create index file_reading_open on file_reading (wanted_at) where read_at is null;
comment on index file_reading_open is 'Files that are still to be read, the longest waiting first.';

create table reading_state (
  singleton boolean primary key default true check (singleton),
  pictures boolean not null default true,
  -- The language of records before this place of the log was looked at.
  languages_to bigint not null default 0 check (languages_to >= 0)
);
comment on table reading_state is 'Whether pictures are read, and how far the languages are.';
insert into reading_state default values;
revoke insert, delete, truncate on reading_state from plainview_app;

create table record_language (
  record_id uuid primary key references record (id),
  -- ISO 639-3. A record whose language is not known has no row.
  language text not null check (language ~ '^[a-z]{3}$'),
  at timestamptz not null
);
comment on table record_language is 'The language of a record''s words, as far as a machine can tell.';
create index record_language_by_time on record_language (language, at desc, record_id desc);
comment on index record_language_by_time is 'Records in one language, newest first.';

-- One index of words: what a record says, and after it what was read in its files.

alter table record add column read_words text not null default '';
comment on column record.read_words is 'Words read from its files by machine: derived, in no hash, in no copy that leaves the house.';
alter table record alter column terms set expression as (
  to_tsvector('english'::regconfig, case when read_words = '' then words else words || E'\n\n' || read_words end));
alter table record drop constraint record_destroyed_as_a_whole;
alter table record add constraint record_destroyed_as_a_whole check (
  case when disposition is null then json is not null and salt is not null
  else json is null and salt is null and words = '' and read_words = '' and by_id is null and by_name is null and clauses = '{}' end);

create function can_be_read(media_type text) returns boolean language sql immutable as $$
  select media_type in ('image/png', 'image/jpeg', 'image/webp', 'image/gif', 'image/avif', 'image/tiff',
    'text/vtt', 'application/x-subrip', 'text/x-sbv')
$$;
comment on function can_be_read is 'Whether a machine can read words in such a file: a picture, or the captions of a video.';

create function gather_read_words(records uuid[]) returns void
language sql security definer set search_path = public, pg_temp as $$
  update record r set read_words = left(coalesce((
      select string_agg(f.words, E'\n\n' order by b.position)
      from record_blob b join file_reading f on f.file = b.sha256 where b.record_id = r.id and f.words <> ''), ''), 100000)
    where r.id = any (records) and r.disposition is null
$$;
comment on function gather_read_words is 'Puts what was read in the files of records beside their words. The application may call it and decides nothing by it.';

create function keep_reading(wanted text, said text, problem text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  -- In the order of a disposition, which locks records before files: the two wait for each other and never both ways.
  perform from record where id in (select record_id from record_blob where sha256 = wanted) order by id for update;
  update file_reading set read_at = now(), taken_until = null, words = said, trouble = problem where file = wanted;
  perform gather_read_words(array(select record_id from record_blob where sha256 = wanted));
end
$$;
comment on function keep_reading is 'Keeps what was read in a file, and lets the records that have it be found by it.';

create function files_are_read() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  insert into file_reading (file, media_type)
    select distinct on (sha256) sha256, media_type from added where can_be_read(media_type) order by sha256
    on conflict do nothing;
  -- Waits for a reading that is being kept. One that comes later finds these records itself.
  perform from file_reading where file in (select sha256 from added) order by file for share;
  perform gather_read_words(array(
    select distinct a.record_id from added a join file_reading f on f.file = a.sha256 where f.words <> ''));
  return null;
end
$$;
comment on function files_are_read is 'New files are to be read; of those that were read before, the words are there at once.';
create trigger files_are_read after insert on record_blob
  referencing new table as added for each statement execute function files_are_read();

create function readings_go_with_files() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  delete from file_reading f using removed r
    where f.file = r.sha256 and not exists (select from record_blob b where b.sha256 = r.sha256);
  return null;
end
$$;
comment on function readings_go_with_files is 'What was read in a file is destroyed with the last record that had it.';
create trigger readings_go_with_files after delete on record_blob
  referencing old table as removed for each statement execute function readings_go_with_files();

create function derived_words_go_with_the_record() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
  new.read_words := '';
  delete from record_language where record_id = new.id;
  return new;
end
$$;
comment on function derived_words_go_with_the_record is 'Whoever destroys a record destroys what a machine made of it.';
create trigger derived_words_go_with_the_record before update of disposition on record
  for each row when (new.disposition is not null) execute function derived_words_go_with_the_record();

insert into file_reading (file, media_type)
  select distinct on (sha256) sha256, media_type from record_blob where can_be_read(media_type) order by sha256;
