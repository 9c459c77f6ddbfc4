-- When comments could not be captured, and for how long.

create table capture_gap (
  id uuid primary key,
  page uuid not null references page (id),
  -- When the page was last read to the end before it.
  since timestamptz not null,
  because text not null check (because <> ''),
  noticed_at timestamptz not null,
  ended_at timestamptz check (ended_at >= since)
);
comment on table capture_gap is 'A time in which the comments of a page were not read from its platform.';
create unique index capture_gap_open on capture_gap (page) where ended_at is null;
comment on index capture_gap_open is 'A page has one open gap at a time, however many processes notice it.';
create index capture_gap_by_page on capture_gap (page, since desc);
comment on index capture_gap_by_page is 'The gaps of a page, newest first.';

alter table comment_poll add column taken_until timestamptz;
comment on column comment_poll.taken_until is 'A process reads the page until then; one that died leaves it to the next.';
