-- A comment also goes when its author's account is closed, which is not their deleting it.

alter table comment add column gone_because text;
comment on column comment.gone_because is 'Why a deleted comment is gone when its author did not delete it by itself; null when they did, or it is there.';
