-- A list of posts or comments says what became of those whose words were destroyed, instead of showing nothing.

create or replace function destroy_post(thing uuid) returns text[] language plpgsql as $$
declare
  files text[];
begin
  files := array(
    select blob from post_image where post = thing
    union select i ->> 'blob' from post_version v, jsonb_array_elements(v.images) i where v.post = thing);
  files := files || destroy_own_post(array(select client_id from publication where post = thing));
  delete from post_image where post = thing;
  update post set text = '(disposed of)', link = null where id = thing;
  update post_version set text = '(disposed of)', link = null, images = '[]' where post = thing;
  update post_return set comments = '(disposed of)' where post = thing;
  update post_deletion set reason = '(disposed of)' where post = thing;
  -- A refusal that lost its reason altogether would look like a post that is still to be published.
  update schedule set refused_because = '(disposed of)' where post = thing and refused_because is not null;
  update publication_deletion d set trouble = null,
    refused_because = case when d.refused_because is not null then '(disposed of)' end
    from publication u where u.id = d.publication and u.post = thing;
  update post_edit e set trouble = null,
    refused_because = case when e.refused_because is not null then '(disposed of)' end
    from publication u where u.id = e.publication and u.post = thing;
  update publication set url = null, trouble = null,
    refused_because = case when refused_because is not null then '(disposed of)' end
    where post = thing;
  return files;
end
$$;

create or replace function destroy_comment(thing uuid) returns text[] language plpgsql as $$
begin
  delete from comment_contact where comment = thing;
  update comment_version set text = '(disposed of)', remote_version = '' where comment = thing;
  update comment_consultation set note = '' where comment = thing;
  update comment_decision set note = '' where comment = thing;
  update comment_effect set trouble = null,
    refused_because = case when refused_because is not null then '(disposed of)' end where comment = thing;
  -- Its place in the thread stays, for the answers that other people wrote.
  update comment set text = '(disposed of)', remote_id = id::text, remote_version = '', url = null, language = null,
    author_remote_id = '', author_name = '(disposed of)', author_handle = null,
    deleted_at = coalesce(deleted_at, now()), revision = revision + 1
    where id = thing;
  return '{}';
end
$$;
