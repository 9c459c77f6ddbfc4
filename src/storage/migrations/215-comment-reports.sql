-- What visitors report about comments on the department's own page. A report decides nothing.

create table comment_report (
  id uuid primary key,
  comment uuid not null references comment (id),
  -- The author's version that was reported.
  version int not null,
  -- A reason of the pack's reports.json.
  reason text not null check (reason <> ''),
  explanation text not null default '',
  at timestamptz not null,
  -- It named what nobody had considered yet: a kept comment is shown to moderators once more.
  fresh boolean not null
);
comment on table comment_report is 'A visitor''s report of a comment. Who reported it is not part of it.';
create index comment_report_by_comment on comment_report (comment, at, id);
comment on index comment_report_by_comment is 'The reports of one comment, and whether it has any.';

create table comment_reporter (
  comment uuid not null references comment (id),
  -- A keyed digest of the comment's id with the visitor's cookie, or with the day and the network address.
  digest text not null check (digest <> ''),
  -- Of no use after this, and deleted.
  until timestamptz not null,
  primary key (comment, digest)
);
comment on table comment_reporter is 'That a browser, and today a connection, reported a comment already. The digest differs for each comment, so nobody can be followed from one to another.';
create index comment_reporter_old on comment_reporter (until);
comment on index comment_reporter_old is 'Rows to delete.';

-- Disposition: what was said of a comment goes with it, as in migration 187.
create function destroy_comment_reports() returns trigger language plpgsql as $$
begin
  update comment_report set explanation = '' where comment = new.id;
  delete from comment_reporter where comment = new.id;
  return new;
end
$$;
comment on function destroy_comment_reports is 'Destroys what visitors wrote when they reported a comment, when destroy_comment destroys its words.';
create trigger destroy_comment_reports before update on comment for each row
  when (new.author_remote_id = '' and old.author_remote_id <> '') execute function destroy_comment_reports();
