-- Decisions that a second moderator looks at again without knowing the first, and what the consistency report reads.

create table second_look_setting (
  id uuid primary key,
  a_month int not null check (a_month between 0 and 1000),
  by uuid not null references person (id),
  at timestamptz not null
);
comment on table second_look_setting is 'How many decisions a month get a second look: the newest row counts; without one, the pack''s number.';
create index second_look_setting_newest on second_look_setting (at desc, id desc);
comment on index second_look_setting_newest is 'The number in force.';

create table second_look_month (
  month text primary key check (month ~ '^\d{4}-\d{2}$'),
  a_month int not null,
  at timestamptz not null
);
comment on table second_look_month is 'The sample of a month was drawn, once, with this number.';

create table second_look (
  decision uuid primary key references comment_decision (id),
  month text not null references second_look_month (month)
);
comment on table second_look is 'A decision that was drawn for a second look.';

create table second_look_judgement (
  decision uuid primary key references second_look (decision),
  verdict text not null check (verdict in ('keep', 'hide')),
  reason text,
  by uuid not null references person (id),
  at timestamptz not null,
  check ((verdict = 'hide') = (reason is not null))
);
comment on table second_look_judgement is 'What a second moderator would have decided. It changes nothing about the comment.';
create index second_look_judgement_by_time on second_look_judgement (at);
comment on index second_look_judgement_by_time is 'Agreement in a period.';

create function second_look_by_somebody_else() returns trigger language plpgsql as $$
begin
  if exists (select from comment_decision d where d.id = new.decision and new."by" in (d.by, d.second_person)) then
    raise exception 'a second look is taken by somebody who had no part in the decision';
  end if;
  return new;
end
$$;
comment on function second_look_by_somebody_else is 'The last guard, whatever the application does: nobody looks again at their own decision.';
create trigger second_look_by_somebody_else before insert or update on second_look_judgement
  for each row execute function second_look_by_somebody_else();

create index comment_decision_by_time on comment_decision (at);
comment on index comment_decision_by_time is 'The decisions of a period, for the consistency report.';
