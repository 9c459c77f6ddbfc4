-- Identical comments are decided about together, and comments keep the pictures that came with them.

alter table comment
  add column fingerprint bytea check (octet_length(fingerprint) = 32),
  add column pictures jsonb not null default '[]' check (jsonb_typeof(pictures) = 'array');
comment on column comment.fingerprint is 'SHA-256 of its words without what tells copies apart by nothing that one sees, and of its pictures; null when there is nothing to compare.';
comment on column comment.pictures is 'What the newest version shows: [{blob, mediaType, alt}], blob null when it could not be fetched. Each file is named by the record of that version as well, and by it blob_in_use knows it.';
create index comment_waiting_copies on comment (fingerprint, posted_at, id)
  where decided_at is null and deleted_at is null and fingerprint is not null;
comment on index comment_waiting_copies is 'The copies of a comment that wait, so that one card stands for all.';
create index comment_arrival on comment ((coalesce(edited_at, captured_at))) where decided_at is null and deleted_at is null;
comment on index comment_arrival is 'Whether anything new waits, which every open queue asks every few seconds.';
create index comment_by_parent on comment (in_reply_to, posted_at, id) where in_reply_to is not null;
comment on index comment_by_parent is 'The answers to a comment.';
create index comment_waiting_by_page on comment (page, posted_at, id) where decided_at is null and deleted_at is null;
comment on index comment_waiting_by_page is 'What waits on one page.';

alter table comment_version add column pictures jsonb not null default '[]';
comment on column comment_version.pictures is 'What this version showed; as comment.pictures.';

alter table comment_decision add column together uuid;
comment on column comment_decision.together is 'The same for decisions that were taken with one key about identical comments; they are taken back together.';
create index comment_decision_together on comment_decision (together) where together is not null;
comment on index comment_decision_together is 'Decisions that are taken back together.';
alter table comment_consultation add column together uuid;
comment on column comment_consultation.together is 'As comment_decision.together.';
create index comment_consultation_together on comment_consultation (together) where together is not null;
comment on index comment_consultation_together is 'Questions that are taken back together.';
