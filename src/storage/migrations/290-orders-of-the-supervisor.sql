-- What the supervisor of records orders after an appeal, and the answer that an order opens again.

alter table request_appeal drop constraint request_appeal_outcome_check;
alter table request_appeal add constraint request_appeal_outcome_check check (
  outcome in ('upheld', 'overturned', 'overturned-in-part', 'response', 'fee', 'withdrawn', 'closed'));

alter table request_appeal add column determined_at timestamptz;
update request_appeal set determined_at = determined_on where determined_on is not null;
alter table request_appeal add check ((determined_at is null) = (determined_on is null));

create table request_appeal_order (
  appeal_id uuid primary key references request_appeal (id),
  request_id uuid not null references request (id),
  -- The day by which it has to be done; null when only the fee is ordered.
  due date,
  -- The most that may be charged, 0 for nothing at all; null when the order says nothing about the fee.
  fee_cents int check (fee_cents >= 0),
  by uuid not null references person (id),
  at timestamptz not null,
  check (due is not null or fee_cents is not null)
);
comment on table request_appeal_order is 'What the supervisor of records ordered in an appeal: a day, the most that may be charged, or both.';
create index request_appeal_order_by_request on request_appeal_order (request_id, at desc);
comment on index request_appeal_order_by_request is 'The latest order about a request.';

-- A fee that was waived or reduced is paid back: a payment below zero.
alter table request_payment drop constraint request_payment_cents_check;
alter table request_payment add constraint request_payment_cents_check check (cents <> 0);
comment on table request_payment is 'What the requester paid, and what was paid back to them.';

alter table request_closure rename to request_final_answer;
alter table request_final_answer drop constraint request_closure_pkey;
alter table request_final_answer add column id uuid not null default gen_random_uuid() primary key;
alter table request_final_answer alter column id drop default;
alter table request_final_answer add column reopened_by uuid references request_appeal_order (appeal_id);
create unique index request_final_answer_standing on request_final_answer (request_id) where reopened_by is null;
comment on index request_final_answer_standing is 'One final answer stands at a time.';
create index request_final_answer_by_request on request_final_answer (request_id, at);
comment on index request_final_answer_by_request is 'The final answers of one request, in order.';
comment on table request_final_answer is 'The written answers that ended a request. One that an order opened again stays as it was sent.';

create view request_closure as select * from request_final_answer where reopened_by is null;
comment on view request_closure is 'The written answer that ends a request and stops its clock; none while the request is open.';

create function request_due(thing uuid) returns date language sql stable as $$
  select coalesce(
    (select greatest(o.due,
        (select max(e.due) from request_extension e where e.request_id = thing and e.at > o.at),
        (select max(p.due) from request_pause p where p.request_id = thing and p.at > o.at))
      from request_appeal_order o where o.request_id = thing and o.due is not null order by o.at desc limit 1),
    (select greatest(r.response_due,
        (select max(e.due) from request_extension e where e.request_id = thing),
        (select max(p.due) from request_pause p where p.request_id = thing))
      from request r where r.id = thing))
$$;
comment on function request_due is 'The day by which the records are promised: that of the latest order, or the response''s; later when more time was given since.';

create or replace function destroy_request(thing uuid) returns text[] language plpgsql as $$
declare
  files text[];
begin
  files := array(
    select p.sha256 from production_part p join production q on q.id = p.production_id where q.request_id = thing
    union select b ->> 'sha256' from production_rendition n join production q on q.id = n.production_id,
      jsonb_array_elements(n.json::jsonb -> 'blobs') b
    where q.request_id = thing and n.json is not null and b ->> 'sha256' is not null);
  delete from production_rendition n using production q where q.id = n.production_id and q.request_id = thing;
  update production_record r set why = '', marks = '[]' from production q where q.id = r.production_id and q.request_id = thing;
  delete from request_review where request_id = thing;
  delete from production_part p using production q where q.id = p.production_id and q.request_id = thing;
  delete from production_publication u using production q where q.id = u.production_id and q.request_id = thing;
  delete from production_release r using production q where q.id = r.production_id and q.request_id = thing;
  delete from production_bag b using production q where q.id = b.production_id and q.request_id = thing;
  update production set trouble = null, cancelled_at = coalesce(cancelled_at, now()) where request_id = thing;
  delete from request_contact where request_id = thing;
  update request set text = '(disposed of)', requester_name = null, format = null where id = thing;
  update request_acknowledgement set text = '(disposed of)' where request_id = thing;
  update request_extension set reason = '(disposed of)' where request_id = thing;
  update request_final_answer set answer = '(disposed of)' where request_id = thing;
  update request_letter set subject = '(disposed of)', body = '(disposed of)' where request_id = thing;
  update request_message set text = '(disposed of)' where request_id = thing;
  update request_appeal set reason = '(disposed of)', note = '' where request_id = thing;
  update request_petition_determination set note = '' where request_id = thing;
  update request_task set title = '(disposed of)' where request_id = thing;
  update request_payment set note = '' where request_id = thing;
  delete from request_estimate where request_id = thing;
  return files;
end
$$;
