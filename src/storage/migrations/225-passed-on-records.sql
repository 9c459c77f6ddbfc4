-- Those whom a comment was passed on to read the records of that comment, and no others.

create view record_passed_on as
  select r.id as record, r.kind, e.id as escalation, e.receivers
  from comment_escalation e
  join record r on r.subject_kind = 'comment' and r.subject_id = e.comment::text
  where e.withdrawn_at is null
    and (
      r.kind in ('comment.capture', 'comment.edit', 'comment.deletion')
      -- Each of these says which escalation it is about; a comment may have been passed on to others as well.
      or (
        r.kind in ('comment.escalation', 'comment.acknowledgement', 'comment.closure')
        and r.json::jsonb #>> '{content,escalation}' = e.id::text
      )
    );
comment on view record_passed_on is 'The records that came with a comment that was passed on: what its author wrote and did, and what was done with that escalation; no decision about the comment, and no advice.';

create index comment_escalation_by_comment on comment_escalation (comment);
comment on index comment_escalation_by_comment is 'What was passed on of the comments on the screen.';
