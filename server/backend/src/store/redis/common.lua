-- What the scripts share. Each call is one atomic step; what would refuse it is looked at before
-- anything is written, because Redis takes nothing back.
--
-- Every key but the preferences and the number of the schema has an expiry. Times are judged as they
-- are given; the expiry is a bound above them, for what no sweep comes to.

local P = 'wrengate:'
local DAY = 24 * 60 * 60
-- By how much clocks of processes may differ before an expiry comes too early.
local SLACK = 15 * 60
-- When something is due to be swept: scores are times, members a letter and a name.
local DUE = P .. 'due'

local call = redis.call
local op = ARGV[1]

local function attempt_key(id) return P .. 'attempt:' .. id end
local function lookup_key(hash) return P .. 'lookup:' .. hash end
local function attempts_of(owner) return P .. 'attempts-of:' .. owner end
local LIVE = P .. 'attempts-live'
local function session_key(key) return P .. 'session:' .. key end
local function ids_of(key) return P .. 'ids-of:' .. key end
local function id_key(hash) return P .. 'id:' .. hash end
local function sessions_of(owner) return P .. 'sessions-of:' .. owner end
local function cohort_key(cohort) return P .. 'cohort:' .. cohort end
local function note_key(name) return P .. 'note:' .. name end

-- Prolongs the expiry of a key to so many seconds from now; never shortens it.
local function keep(key, seconds)
  local ms = (math.max(seconds, 0) + SLACK) * 1000
  if call('PTTL', key) < ms then call('PEXPIRE', key, string.format('%.0f', ms)) end
end

local function due(at, letter, name, ttl)
  call('ZADD', DUE, at, letter .. ':' .. name)
  keep(DUE, ttl)
end

local function not_due(letter, name) call('ZREM', DUE, letter .. ':' .. name) end

-- Name and value after name and value, from this argument on.
local function pairs_from(first)
  local fields, flat = {}, {}
  for i = first, #ARGV, 2 do
    fields[ARGV[i]] = ARGV[i + 1]
    flat[#flat + 1] = ARGV[i]
    flat[#flat + 1] = ARGV[i + 1]
  end
  return fields, flat
end

-- A number that a damaged record may lack: then what it bounds is over.
local function number(text) return tonumber(text or '') or 0 end

-- How attempts stand in the set of all live ones: of two that expire together, the older one first.
local function live_member(seq, id) return string.format('%016.0f:', number(seq)) .. id end

local function not_live(id, owner, seq)
  if owner then call('ZREM', attempts_of(owner), id) end
  call('ZREM', LIVE, live_member(seq, id))
end

local function drop_attempt(id)
  local held = call('HMGET', attempt_key(id), 'lookup', 'owner', 'seq')
  if held[1] and call('GET', lookup_key(held[1])) == id then call('DEL', lookup_key(held[1])) end
  not_live(id, held[2], held[3])
  not_due('a', id)
  return call('DEL', attempt_key(id))
end

-- The end of a session that is not used, and the end at which one is counted out in any case.
local function session_end(idle_end, absolute_end) return math.min(number(idle_end), number(absolute_end)) end

local function keep_session(key, seconds)
  local held = call('HMGET', session_key(key), 'owner', 'cohort')
  keep(session_key(key), seconds)
  keep(ids_of(key), seconds)
  for _, hash in ipairs(call('SMEMBERS', ids_of(key))) do keep(id_key(hash), seconds) end
  if held[1] then keep(sessions_of(held[1]), seconds) end
  if held[2] then keep(cohort_key(held[2]), seconds) end
end

-- Takes a session out of every index, and away; its ids are the caller's matter.
local function remove_session(key)
  local held = call('HMGET', session_key(key), 'owner', 'cohort')
  if held[1] then call('ZREM', sessions_of(held[1]), key) end
  if held[2] then call('SREM', cohort_key(held[2]), key) end
  not_due('s', key)
  call('DEL', ids_of(key))
  return call('DEL', session_key(key))
end

local function drop_id(hash)
  local key = call('HGET', id_key(hash), 'key')
  if key then call('SREM', ids_of(key), hash) end
  not_due('p', hash)
  not_due('e', hash)
  call('DEL', id_key(hash))
  return key
end

-- Removes a session with all its ids, which keep no reason.
local function delete_session(key)
  for _, hash in ipairs(call('SMEMBERS', ids_of(key))) do drop_id(hash) end
  return remove_session(key)
end

-- Removes an id, and its session if that has no other.
local function drop_stale_id(hash)
  local key = drop_id(hash)
  if key and call('SCARD', ids_of(key)) == 0 then remove_session(key) end
end

-- Removes a session; its ids keep the reason for a day.
local function end_session(key, reason, now)
  for _, hash in ipairs(call('SMEMBERS', ids_of(key))) do
    call('DEL', id_key(hash))
    call('HSET', id_key(hash), 'ended', reason, 'drop_at', string.format('%.0f', now + DAY))
    keep(id_key(hash), DAY)
    not_due('p', hash)
    due(now + DAY, 'e', hash, DAY)
  end
  return remove_session(key)
end
