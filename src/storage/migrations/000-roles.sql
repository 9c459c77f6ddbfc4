-- The application connects as plainview_app, which owns nothing: what the owner does not grant, no bug can do.
do $$
begin
  if not exists (select from pg_roles where rolname = 'plainview_app') then
    create role plainview_app login;
  end if;
end
$$;
grant usage on schema public to plainview_app;
alter default privileges in schema public grant select, insert, update, delete on tables to plainview_app;
alter default privileges in schema public grant usage, select on sequences to plainview_app;
alter default privileges in schema public grant execute on functions to plainview_app;
