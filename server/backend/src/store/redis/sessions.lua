-- Sessions and their ids.

local key = ARGV[2]

local function exists(session) return call('EXISTS', session_key(session)) == 1 end

-- The record of a session as it goes out, with its key; empty when there is none.
local function record(session)
  local fields = call('HGETALL', session_key(session))
  if #fields == 0 then return fields end
  fields[#fields + 1] = 'key'
  fields[#fields + 1] = session
  return fields
end

local function within_limits(session, now)
  local held = call('HMGET', session_key(session), 'idle_end', 'absolute_end')
  return session_end(held[1], held[2]) > now
end

local function add_id(session, hash, present_by, ttl)
  call('HSET', id_key(hash), 'key', session, 'present_by', present_by)
  call('SADD', ids_of(session), hash)
  keep(id_key(hash), ttl)
  keep(ids_of(session), ttl)
  due(present_by, 'p', hash, ttl)
end

-- The keys that are meant, and an index to clean of those that are gone.
local function meant(which, first, second)
  if which == 'id' then
    local found = call('HGET', id_key(first), 'key')
    return found and { found } or {}
  elseif which == 'key' then
    return { first }
  elseif which == 'owners-key' then
    local is_theirs = call('HGET', session_key(second), 'owner') == first
    return is_theirs and { second } or {}
  elseif which == 'cohort' then
    return call('SMEMBERS', cohort_key(first)), function(gone) call('SREM', cohort_key(first), gone) end
  end
  local all = call('ZRANGE', sessions_of(first), 0, -1)
  local clean = function(gone) call('ZREM', sessions_of(first), gone) end
  if which == 'owner' then return all, clean end
  local others = {}
  for _, session in ipairs(all) do
    if session ~= second then others[#others + 1] = session end
  end
  return others, clean
end

local function end_all(which, first, second, reason, now)
  local ended = {}
  local keys, clean = meant(which, first, second)
  for _, session in ipairs(keys) do
    local fields = record(session)
    if #fields > 0 then
      ended[#ended + 1] = fields
      end_session(session, reason, now)
    elseif clean then
      clean(session)
    end
  end
  return ended
end

if op == 'insert' then
  local id, present_by, replaces = ARGV[3], ARGV[4], ARGV[5]
  local fields, flat = pairs_from(6)
  if exists(key) or call('EXISTS', id_key(id)) == 1 then return 0 end
  local now = number(fields.last_used)
  if replaces ~= '' then end_all('id', replaces, '', 'replaced', number(fields.created)) end
  local ends = session_end(fields.idle_end, fields.absolute_end)
  local ttl = math.max(ends, number(present_by)) - now + DAY
  call('HSET', session_key(key), unpack(flat))
  call('ZADD', sessions_of(fields.owner), fields.last_used, key)
  if fields.cohort then call('SADD', cohort_key(fields.cohort), key) end
  due(ends, 's', key, ttl)
  add_id(key, id, present_by, ttl)
  keep_session(key, ttl)
  return 1
elseif op == 'insert-id' then
  local id, present_by, now = ARGV[3], ARGV[4], number(ARGV[5])
  if not within_limits(key, now) then return 0 end
  if call('EXISTS', id_key(id)) == 1 then return 2 end
  local held = call('HMGET', session_key(key), 'idle_end', 'absolute_end')
  add_id(key, id, present_by, math.max(session_end(held[1], held[2]), number(present_by)) - now + DAY)
  return 1
elseif op == 'find-id' then
  local held = call('HMGET', id_key(key), 'key', 'present_by', 'ended', 'drop_at')
  if held[3] then
    if number(held[4]) <= number(ARGV[3]) then return {} end
    return { 'ended', held[3] }
  end
  if not held[1] then return {} end
  local fields = record(held[1])
  if #fields == 0 then
    -- What it led to was dropped by Redis itself.
    drop_id(key)
    return {}
  end
  if held[2] then
    fields[#fields + 1] = 'present_by'
    fields[#fields + 1] = held[2]
  end
  return fields
elseif op == 'drop-id' then
  local session = drop_id(key)
  if session then delete_session(session) end
  return 1
elseif op == 'find' then
  return record(key)
elseif op == 'present' then
  local present_by = call('HGET', id_key(key), 'present_by')
  if not present_by or number(present_by) <= number(ARGV[3]) then return 0 end
  call('HDEL', id_key(key), 'present_by')
  not_due('p', key)
  return 1
elseif op == 'delete-stale-id' then
  local present_by = call('HGET', id_key(key), 'present_by')
  if present_by and number(present_by) <= number(ARGV[3]) then drop_stale_id(key) end
  return 1
elseif op == 'touch' then
  local last_used, idle_end = ARGV[3], ARGV[4]
  local held = call('HMGET', session_key(key), 'last_used', 'absolute_end', 'owner')
  if not held[1] or number(held[1]) > number(ARGV[5]) then return 0 end
  call('HSET', session_key(key), 'last_used', last_used, 'idle_end', idle_end)
  if held[3] then call('ZADD', sessions_of(held[3]), last_used, key) end
  local ends = session_end(idle_end, held[2])
  local ttl = ends - number(last_used) + DAY
  due(ends, 's', key, ttl)
  keep_session(key, ttl)
  return 1
elseif op == 'write-profile' then
  if not exists(key) then return 0 end
  call('HSET', session_key(key), 'profile', ARGV[3])
  if #ARGV > 3 and call('HGET', session_key(key), 'sealed') == ARGV[4] then
    call('HSET', session_key(key), 'sealed', ARGV[5])
  end
  return 1
elseif op == 'end' then
  return end_all(ARGV[2], ARGV[3], ARGV[4], ARGV[5], number(ARGV[6]))
elseif op == 'list' then
  local limit, now, found = number(ARGV[3]), number(ARGV[4]), {}
  for _, session in ipairs(call('ZREVRANGE', sessions_of(ARGV[2]), 0, -1)) do
    if #found >= limit then break end
    if not exists(session) then
      call('ZREM', sessions_of(ARGV[2]), session)
    elseif within_limits(session, now) then
      found[#found + 1] = record(session)
    end
  end
  return found
elseif op == 'renew' then
  if call('HGET', session_key(key), 'version') ~= ARGV[3] then return 0 end
  call('HSET', session_key(key), 'access', ARGV[4], 'sealed', ARGV[5])
  call('HINCRBY', session_key(key), 'version', 1)
  return 1
elseif op == 'hold' then
  local holder, till, now = ARGV[3], ARGV[4], number(ARGV[5])
  if not exists(key) then return 0 end
  local held = call('HMGET', session_key(key), 'lease_holder', 'lease_until')
  if held[1] and held[1] ~= holder and number(held[2]) > now then return 0 end
  call('HSET', session_key(key), 'lease_holder', holder, 'lease_until', till)
  return 1
elseif op == 'release' then
  if call('HGET', session_key(key), 'lease_holder') == ARGV[3] then
    call('HDEL', session_key(key), 'lease_holder', 'lease_until')
  end
  return 1
elseif op == 'delete' then
  return delete_session(key)
end
return redis.error_reply('ERR unknown step')
