-- Up Migration
-- The statements that are sent most, as functions: Postgres keeps the plans of what stands in one for as long as a connection
-- lives, also behind a pooler that allows no named statements. Planning takes more than running where a statement reads few rows
-- of a table in many partitions, or of many tables; searches are not here, for theirs is a tenth. They answer as the texts in service/store/ do, from which they
-- are written; SHOP_QUERIES says which of the two an instance sends. Named for the table that they are about, which is what
-- the statistics of statements are counted by (service/store/scan-figures.ts).
create function user_session_by_token(wanted bytea)
returns table ("accountId" bigint, "sessionId" uuid, tier text, "expiresAt" timestamptz)
language plpgsql stable as $$
#variable_conflict use_column
begin
  return query
    select s.account_id, s.public_id, a.tier, coalesce(s.access_expires_at, s.expires_at)
    from user_session s join account a on a.id = s.account_id
    where s.token_hash = wanted and coalesce(s.access_expires_at, s.expires_at) > now()
      and s.expires_at > now() and s.revoked_at is null
      and (s.token_version is null or s.token_version = a.token_version);
end $$;

create function account_by_login(wanted text, identity bytea, device bytea, place text, network inet)
returns table (id bigint, password_hash text, token_version integer, device_id bigint, locked_until timestamptz,
               is_new_place boolean)
language plpgsql stable as $$
#variable_conflict use_column
begin
  return query
    select a.id, a.password_hash, a.token_version, d.id,
           (select max(l.locked_until) from account_lock l where l.identity_hash = identity and l.locked_until > now()),
           exists (select from trusted_device t where t.account_id = a.id)
             and not exists (select from trusted_device t where t.account_id = a.id and t.label = place
                             and t.address is not distinct from network)
    from (values (1)) as one (n)
    left join account a on a.email = wanted
    left join trusted_device d on d.token_hash = device and d.account_id = a.id;
end $$;

create function product_by_id(wanted bigint)
returns table (id bigint, name text, category text, "priceCents" integer, description text, stock integer)
language plpgsql stable as $$
#variable_conflict use_column
begin
  return query
    select p.id, p.name, c.slug, p.price_cents, p.description, p.stock
    from product p join category c on c.id = p.category_id
    where p.id = wanted and p.retired_at is null;
end $$;

-- They run with the rights of who calls them, so that they give nobody any.
grant execute on function user_session_by_token, account_by_login, product_by_id to shop;
