-- Notes, and removing what has outlived its use.

if op == 'leave' then
  local note, drop_at, now = note_key(ARGV[2]), ARGV[4], number(ARGV[5])
  if number(call('HGET', note, 'drop_at')) > now then return 0 end
  call('HSET', note, 'text', ARGV[3], 'drop_at', drop_at)
  local ttl = number(drop_at) - now
  keep(note, ttl)
  due(drop_at, 'n', ARGV[2], ttl)
  return 1
elseif op == 'take-note' then
  local held = call('HMGET', note_key(ARGV[2]), 'text', 'drop_at')
  if not held[1] or number(held[2]) <= number(ARGV[3]) then return false end
  call('DEL', note_key(ARGV[2]))
  not_due('n', ARGV[2])
  return held[1]
elseif op == 'sweep' then
  local now, swept = number(ARGV[2]), 0
  local over = {}

  -- An attempt past its time.
  function over.a(id)
    local drop_at = call('HGET', attempt_key(id), 'drop_at')
    if not drop_at then return 0 end
    if number(drop_at) > now then return 0, drop_at end
    return drop_attempt(id)
  end

  -- A session past a limit.
  function over.s(key)
    local held = call('HMGET', session_key(key), 'idle_end', 'absolute_end')
    if not held[1] and not held[2] then return 0 end
    local ends = session_end(held[1], held[2])
    if ends > now then return 0, ends end
    return end_session(key, number(held[2]) <= now and 'absolute' or 'idle', now)
  end

  -- An id that was not presented in time.
  function over.p(hash)
    local present_by = call('HGET', id_key(hash), 'present_by')
    if not present_by then return 0 end
    if number(present_by) > now then return 0, present_by end
    drop_stale_id(hash)
    return 1
  end

  -- The reason of an id that ended.
  function over.e(hash)
    local drop_at = call('HGET', id_key(hash), 'drop_at')
    if not drop_at then return 0 end
    if number(drop_at) > now then return 0, drop_at end
    return call('DEL', id_key(hash))
  end

  function over.n(name)
    local drop_at = call('HGET', note_key(name), 'drop_at')
    if not drop_at then return 0 end
    if number(drop_at) > now then return 0, drop_at end
    return call('DEL', note_key(name))
  end

  local members = call('ZRANGEBYSCORE', DUE, '-inf', now, 'LIMIT', 0, ARGV[3])
  for _, member in ipairs(members) do
    -- Out first, so that nothing is met twice; in again where it was prolonged meanwhile.
    call('ZREM', DUE, member)
    local judge = over[string.sub(member, 1, 1)]
    if judge then
      local count, later = judge(string.sub(member, 3))
      swept = swept + count
      if later then call('ZADD', DUE, later, member) end
    end
  end
  return { #members, swept }
end
return redis.error_reply('ERR unknown step')
