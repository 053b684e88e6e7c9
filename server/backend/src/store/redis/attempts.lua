-- Attempts.

local id = ARGV[2]

local function close(outcome, drop_at)
  local held = call('HMGET', attempt_key(id), 'owner', 'seq', 'created', 'lookup')
  call('HSET', attempt_key(id), 'stage', 'closed', 'outcome', outcome, 'drop_at', drop_at)
  call('HDEL', attempt_key(id), 'passing')
  not_live(id, held[1], held[2])
  -- What time it is was not said; it is not before the attempt began.
  local ttl = number(drop_at) - number(held[3])
  keep(attempt_key(id), ttl)
  if held[4] then keep(lookup_key(held[4]), ttl) end
  due(drop_at, 'a', id, ttl)
end

local function stage() return call('HGET', attempt_key(id), 'stage') end

-- The owner's live attempts besides this one, in the order of arrival: pending ones and those in work.
local function others_of(owner, now)
  local pending, working = {}, {}
  for _, other in ipairs(call('ZRANGE', attempts_of(owner), 0, -1)) do
    local held = call('HMGET', attempt_key(other), 'stage', 'expires', 'seq')
    if not held[1] or held[1] == 'closed' or number(held[2]) <= now then
      not_live(other, owner, held[3])
    elseif other ~= id then
      table.insert(held[1] == 'pending' and pending or working, other)
    end
  end
  return pending, working
end

local function evict_of_owner(owner, cap, now)
  local pending, working = others_of(owner, now)
  local above = #pending + #working - math.max(cap - 1, 0)
  for _, list in ipairs({ pending, working }) do
    for _, other in ipairs(list) do
      if above <= 0 then return end
      drop_attempt(other)
      above = above - 1
    end
  end
end

local function evict_of_all(cap, now)
  call('ZREMRANGEBYSCORE', LIVE, '-inf', now)
  -- In portions, for the case that the cap was lowered by much.
  local above = math.min(call('ZCARD', LIVE) - cap, 1000)
  if above <= 0 then return end
  for _, member in ipairs(call('ZRANGE', LIVE, 0, above - 1)) do
    call('ZREM', LIVE, member)
    drop_attempt(string.sub(member, 18))
  end
end

if op == 'insert' then
  local per_owner, overall, now = number(ARGV[3]), number(ARGV[4]), number(ARGV[5])
  local fields, flat = pairs_from(6)
  local lookup = lookup_key(fields.lookup)
  local held = call('GET', lookup)
  if held then
    if number(call('HGET', attempt_key(held), 'drop_at')) > now then return 0 end
    drop_attempt(held)
    call('DEL', lookup)
  end
  if call('EXISTS', attempt_key(id)) == 1 then return 0 end
  local seq = call('INCR', P .. 'attempts-seq')
  local ttl = number(fields.drop_at) - now
  call('HSET', attempt_key(id), 'seq', seq, 'misses', 0, unpack(flat))
  call('SET', lookup, id)
  keep(attempt_key(id), ttl)
  keep(lookup, ttl)
  keep(P .. 'attempts-seq', ttl + DAY)
  due(fields.drop_at, 'a', id, ttl)
  if fields.stage ~= 'closed' then
    call('ZADD', attempts_of(fields.owner), seq, id)
    call('ZADD', LIVE, fields.expires, live_member(seq, id))
    keep(attempts_of(fields.owner), ttl)
    keep(LIVE, ttl)
  end
  evict_of_owner(fields.owner, per_owner, now)
  evict_of_all(overall, now)
  return 1
elseif op == 'find' then
  local found = call('GET', lookup_key(ARGV[2]))
  if not found then return {} end
  local fields = call('HGETALL', attempt_key(found))
  if #fields == 0 then return {} end
  fields[#fields + 1] = 'id'
  fields[#fields + 1] = found
  return fields
elseif op == 'drop-lookup' then
  local found = call('GET', lookup_key(ARGV[2]))
  if found then drop_attempt(found) end
  return call('DEL', lookup_key(ARGV[2]))
elseif op == 'has-live' then
  local now = number(ARGV[4])
  for _, other in ipairs(call('ZRANGE', attempts_of(ARGV[2]), 0, -1)) do
    local held = call('HMGET', attempt_key(other), 'stage', 'expires')
    local is_other = ARGV[3] == '' or ARGV[3] ~= 'x' .. other
    if is_other and held[1] and held[1] ~= 'closed' and number(held[2]) > now then return 1 end
  end
  return 0
elseif op == 'miss' then
  if stage() ~= 'pending' then return 0 end
  if call('HINCRBY', attempt_key(id), 'misses', 1) >= number(ARGV[3]) then close(ARGV[4], ARGV[5]) end
  return 1
elseif op == 'take' then
  if stage() ~= 'pending' then return 0 end
  if number(call('HGET', attempt_key(id), 'expires')) <= number(ARGV[4]) then return 0 end
  call('HSET', attempt_key(id), 'stage', 'working', 'claim', ARGV[3])
  return 1
elseif op == 'close' then
  local at = stage()
  if not at or at == 'closed' then return 0 end
  close(ARGV[3], ARGV[4])
  return 1
elseif op == 'delete' then
  return drop_attempt(id)
end
return redis.error_reply('ERR unknown step')
