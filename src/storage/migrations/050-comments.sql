-- What visitors write under posts, here and on platforms, and what moderators decided about it.

create table comment (
  id uuid primary key,
  page uuid not null references page (id),
  publication uuid not null references publication (id),
  -- The platform's id of the comment; on the department's own page it is `id`.
  remote_id text not null check (remote_id <> ''),
  -- The platform's id of the newest version, so that an edit shows.
  remote_version text not null,
  url text,
  -- The comment it answers, and the first comment of its thread (itself, when it begins one).
  in_reply_to uuid references comment (id),
  thread uuid not null references comment (id),
  -- Who wrote it, as far as we can tell one from another: the platform's id, or a keyed digest of a visitor's cookie.
  author_remote_id text not null,
  author_name text not null check (author_name <> ''),
  author_handle text,
  text text not null,
  language text,
  -- Counts the author's versions.
  version int not null default 1,
  -- Rises with everything that happens to it, so that nobody decides about what they have not seen.
  revision int not null default 1,
  -- What the public sees. 'held' waits for a decision before it is shown.
  state text not null check (state in ('shown', 'hidden', 'held')),
  posted_at timestamptz not null,
  captured_at timestamptz not null,
  edited_at timestamptz,
  deleted_at timestamptz,
  -- When this version was decided about; null as long as it waits for a moderator.
  decided_at timestamptz,
  check (state <> 'held' or decided_at is null),
  unique (page, remote_id)
);
comment on table comment is 'A visitor''s comment in its newest version. A comment of a platform is here once, however often it is read.';
create index comment_waiting on comment (posted_at, id) where decided_at is null and deleted_at is null;
comment on index comment_waiting is 'The moderators'' queue.';
create index comment_by_time on comment (posted_at, id);
comment on index comment_by_time is 'All comments, in the order of their writing.';
create index comment_by_publication on comment (publication, posted_at, id);
comment on index comment_by_publication is 'The conversation under a post, and what a poll already knows.';
create index comment_by_thread on comment (thread, posted_at, id);
comment on index comment_by_thread is 'The answers in a thread.';
create index comment_by_author on comment (author_remote_id, posted_at desc);
comment on index comment_by_author is 'An author''s earlier comments.';

create table comment_version (
  comment uuid not null references comment (id),
  version int not null,
  remote_version text not null,
  text text not null,
  at timestamptz not null,
  primary key (comment, version)
);
comment on table comment_version is 'Every version its author wrote; none is ever changed.';

create table comment_contact (
  comment uuid primary key references comment (id),
  sealed text not null
);
comment on table comment_contact is 'A visitor''s e-mail address, encrypted; no row when they left none. It is in no record.';

create table comment_rate (
  address_digest text not null,
  span text not null check (span in ('minute', 'hour')),
  begins_at timestamptz not null,
  uses int not null,
  primary key (address_digest, span, begins_at)
);
comment on table comment_rate is 'How often an address commented in a minute and an hour. The digest is salted anew each day; old rows are deleted.';
create index comment_rate_old on comment_rate (begins_at);
comment on index comment_rate_old is 'Rows to delete.';

create table comment_consultation (
  id uuid primary key,
  comment uuid not null references comment (id),
  version int not null,
  reason text not null check (reason <> ''),
  note text not null default '',
  by uuid not null references person (id),
  at timestamptz not null,
  ended_at timestamptz,
  outcome text check (outcome in ('agreed', 'kept', 'withdrawn', 'edited', 'deleted')),
  check ((ended_at is null) = (outcome is null))
);
comment on table comment_consultation is 'A moderator wants to hide a comment that the policy protects, and asks a second person to agree.';
create unique index comment_consultation_open on comment_consultation (comment) where ended_at is null;
comment on index comment_consultation_open is 'A comment has one open question at most.';

create table comment_decision (
  id uuid primary key,
  comment uuid not null references comment (id),
  version int not null,
  decision text not null check (decision in ('keep', 'hide', 'restore', 'reopen')),
  reason text,
  clause text,
  by uuid not null references person (id),
  at timestamptz not null,
  -- Who had asked for the removal that `by` agreed to.
  second_person uuid references person (id) check (second_person <> by),
  note text not null default '',
  check ((decision = 'hide') = (reason is not null and clause is not null))
);
comment on table comment_decision is 'What a person decided about a comment. A hiding names its reason and the clause that allows it.';
create index comment_decision_by_comment on comment_decision (comment, at);
comment on index comment_decision_by_comment is 'What was decided about one comment.';
create index comment_decision_hide on comment_decision (at) where decision = 'hide';
comment on index comment_decision_hide is 'The public log of removals.';

create table comment_effect (
  id uuid primary key,
  comment uuid not null references comment (id),
  decision uuid not null references comment_decision (id),
  effect text not null check (effect in ('hide', 'show')),
  intent_at timestamptz not null,
  attempted_at timestamptz,
  done_at timestamptz,
  trouble text,
  -- Until then the sweeper leaves it alone: a retry is on its way.
  retry_at timestamptz,
  refused_at timestamptz,
  refused_because text,
  check ((refused_at is null) = (refused_because is null)),
  check (done_at is null or refused_at is null)
);
comment on table comment_effect is 'Carrying a decision out on a platform: the intent, written before it is called, and how it ended.';
create index comment_effect_by_comment on comment_effect (comment, intent_at, id);
comment on index comment_effect_by_comment is 'The last intent for a comment is the one that counts.';
create index comment_effect_open on comment_effect (intent_at) where done_at is null and refused_at is null;
comment on index comment_effect_open is 'What the sweeper looks at: effects begun and not ended.';

create table comment_poll (
  page uuid primary key references page (id),
  -- When the platform last told all that is new; null when it never has.
  read_at timestamptz,
  trouble text,
  retry_at timestamptz
);
comment on table comment_poll is 'When the comments of a page were last read from its platform, and what hinders it.';

create index own_post_image on own_post using gin (images jsonb_path_ops) where deleted_at is null;
comment on index own_post_image is 'The public site serves only images that a post on a page shows.';
