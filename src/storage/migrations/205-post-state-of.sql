-- Planning the view's dozen subqueries takes longer than running them; a function's plan is kept for the session.
create function post_state_of(thing uuid) returns text language plpgsql stable as $$
begin
  return (select state from post_state where post = thing);
end
$$;
comment on function post_state_of is 'Where the newest version of one post stands, as post_state has it.';
