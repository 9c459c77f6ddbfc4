-- Posts, from the draft to the last trace of their publication.

create table post (
  id uuid primary key,
  author uuid not null references person (id),
  text text not null default '',
  link text,
  -- Rises with every change, so nobody overwrites what they have not seen, and an approval covers one version only.
  version int not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
comment on table post is 'What is being written, in its newest version.';
create index post_by_change on post (updated_at desc, id);
comment on index post_by_change is 'The list of posts: last changed first.';

create table post_page (
  post uuid not null references post (id),
  page uuid not null references page (id),
  primary key (post, page)
);
comment on table post_page is 'The pages the newest version is meant for.';

create table post_editor (
  post uuid not null references post (id),
  person uuid not null references person (id),
  at timestamptz not null default now(),
  primary key (post, person)
);
comment on table post_editor is 'Everybody who changed a post: none of them approves it.';

create table post_image (
  id uuid primary key,
  post uuid not null references post (id),
  blob text not null check (blob ~ '^[0-9a-f]{64}$'),
  media_type text not null,
  bytes bigint not null,
  width int not null,
  height int not null,
  alt text not null default '',
  position int not null,
  unique (post, position) deferrable initially deferred
);
comment on table post_image is 'The images of the newest version, in order, cleaned of metadata.';

create table post_version (
  post uuid not null references post (id),
  version int not null,
  text text not null,
  link text,
  pages uuid[] not null,
  -- [{blob, media_type, width, height, alt}] in order
  images jsonb not null,
  saved_by uuid not null references person (id),
  saved_at timestamptz not null,
  primary key (post, version)
);
comment on table post_version is 'A version as it was submitted. Reviewed and published is this, never the moving draft.';

create table submission (
  id uuid primary key,
  post uuid not null,
  version int not null,
  author uuid not null references person (id),
  at timestamptz not null,
  unique (post, version),
  foreign key (post, version) references post_version (post, version)
);
comment on table submission is 'Somebody asked for the approval of a version.';

create table approval (
  id uuid primary key,
  post uuid not null,
  version int not null,
  author uuid not null references person (id),
  at timestamptz not null,
  unique (post, version),
  foreign key (post, version) references submission (post, version)
);
comment on table approval is 'A reviewer agreed to a version.';

create table post_return (
  id uuid primary key,
  post uuid not null,
  version int not null,
  author uuid not null references person (id),
  at timestamptz not null,
  comments text not null check (comments <> ''),
  unique (post, version),
  foreign key (post, version) references submission (post, version)
);
comment on table post_return is 'A reviewer sent a version back to its author, with what to change.';

create table schedule (
  id uuid primary key,
  post uuid not null,
  version int not null,
  at timestamptz not null,
  author uuid not null references person (id),
  set_at timestamptz not null,
  cancelled_at timestamptz,
  done_at timestamptz,
  -- A rule that allowed the post when it was scheduled forbade it when its time came.
  refused_because text,
  foreign key (post, version) references approval (post, version)
);
comment on table schedule is 'When an approved version is to be published.';
create unique index schedule_of_post on schedule (post) where cancelled_at is null and done_at is null and refused_because is null;
comment on index schedule_of_post is 'A post has one time at most.';

create table publication (
  id uuid primary key,
  post uuid not null,
  page uuid not null references page (id),
  -- The version that is on the page, or is on its way there.
  version int not null,
  -- Chosen before the first attempt; the platform is asked for it before any other attempt.
  client_id text not null unique,
  ordered_by uuid not null references person (id),
  intent_at timestamptz not null,
  attempted_at timestamptz,
  done_at timestamptz,
  remote_id text,
  remote_version text,
  url text,
  trouble text,
  -- Until then the sweeper leaves it alone: a retry is on its way.
  retry_at timestamptz,
  refused_at timestamptz,
  refused_because text,
  gone_at timestamptz,
  check ((done_at is null) = (remote_id is null)),
  check ((refused_at is null) = (refused_because is null)),
  check (done_at is null or refused_at is null),
  foreign key (post, version) references approval (post, version)
);
comment on table publication is 'One post on one page: the intent, written before the platform is called, and how it ended.';
create unique index publication_once on publication (post, page) where refused_at is null;
comment on index publication_once is 'A post is on a page once. Only a refused attempt may be followed by another.';
create index publication_by_page on publication (page, done_at desc) where done_at is not null;
comment on index publication_by_page is 'What is on a page, newest first.';
create index publication_open on publication (intent_at) where done_at is null and refused_at is null;
comment on index publication_open is 'What the sweeper looks at: publications begun and not ended.';

create table post_edit (
  id uuid primary key,
  publication uuid not null references publication (id),
  version int not null,
  ordered_by uuid not null references person (id),
  intent_at timestamptz not null,
  attempted_at timestamptz,
  done_at timestamptz,
  trouble text,
  -- Until then the sweeper leaves it alone: a retry is on its way.
  retry_at timestamptz,
  refused_at timestamptz,
  refused_because text,
  check (done_at is null or refused_at is null)
);
comment on table post_edit is 'Bringing a later version to a page where an earlier one is.';
create unique index post_edit_once on post_edit (publication, version) where refused_at is null;
comment on index post_edit_once is 'A version is brought to a page once.';

create table post_deletion (
  post uuid primary key references post (id),
  ordered_by uuid not null references person (id),
  reason text not null check (reason <> ''),
  ordered_at timestamptz not null
);
comment on table post_deletion is 'Somebody decided that a post must go. Its record stays.';

create table publication_deletion (
  id uuid primary key,
  publication uuid not null unique references publication (id),
  intent_at timestamptz not null,
  attempted_at timestamptz,
  done_at timestamptz,
  trouble text,
  -- Until then the sweeper leaves it alone: a retry is on its way.
  retry_at timestamptz,
  refused_at timestamptz,
  refused_because text,
  check (done_at is null or refused_at is null)
);
comment on table publication_deletion is 'Taking a deleted post off one page.';

create view post_state as
select p.id as post,
  case
    when exists (select from post_deletion d where d.post = p.id) then 'deleted'
    when exists (select from publication u where u.post = p.id and u.version = p.version
        and u.done_at is null and u.refused_at is null)
      or exists (select from post_edit e join publication u on u.id = e.publication
        where u.post = p.id and e.version = p.version and e.done_at is null and e.refused_at is null) then 'publishing'
    when exists (select from publication u where u.post = p.id and u.version = p.version and u.refused_at is not null
        and not exists (select from publication v where v.post = p.id and v.page = u.page and v.refused_at is null))
      or exists (select from post_edit e join publication u on u.id = e.publication
        where u.post = p.id and e.version = p.version and e.refused_at is not null and u.version < p.version)
      or exists (select from schedule s where s.post = p.id and s.version = p.version and s.refused_because is not null
        and not exists (select from publication v where v.post = p.id and v.version = p.version)) then 'refused'
    when exists (select from publication u where u.post = p.id and u.version = p.version and u.done_at is not null) then 'published'
    when exists (select from schedule s where s.post = p.id and s.version = p.version
        and s.cancelled_at is null and s.done_at is null and s.refused_because is null) then 'scheduled'
    when exists (select from approval a where a.post = p.id and a.version = p.version) then 'approved'
    when exists (select from post_return r where r.post = p.id and r.version = p.version) then 'returned'
    when exists (select from submission s where s.post = p.id and s.version = p.version) then 'submitted'
    else 'draft'
  end as state
from post p;
comment on view post_state is 'Where the newest version of a post stands, read from the rows that exist.';
