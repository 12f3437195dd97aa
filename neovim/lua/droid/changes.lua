--- Changesets: what the agent changed or wants to change, as the server last told, and what people decide.

local M = {}

---@type table<string, droid.Changeset>
local all = {}
---@type string[]
local order = {}

---@param id string?
---@return droid.Changeset?
function M.get(id)
  return id and all[id] or nil
end

--- Those that are open, the newest last.
---@return droid.Changeset[]
function M.list()
  return vim.tbl_map(function(id)
    return all[id]
  end, order)
end

--- How a changeset stands now.
---@param changeset droid.Changeset
function M.take(changeset)
  local id = changeset.changesetId
  if not all[id] then
    order[#order + 1] = id
  end
  all[id] = changeset
  if require('droid.config').get().review.inline then
    require('droid.ui.hunks').show(changeset)
  end
  if package.loaded['droid.ui.review'] then
    require('droid.ui.review').changed(changeset)
  end
  if changeset.state == 'closed' then
    all[id] = nil
    order = vim.tbl_filter(function(one)
      return one ~= id
    end, order)
  end
  require('droid.events').emit(
    'DroidReview',
    { changesetId = id, sessionId = changeset.sessionId, state = changeset.state }
  )
end

---@param changeset droid.Changeset
---@return integer pending
---@return integer total
function M.count(changeset)
  local pending, total = 0, 0
  for _, file in ipairs(changeset.files) do
    if #file.hunks == 0 then
      total = total + 1
      pending = pending + (file.state == 'pending' and 1 or 0)
    end
    for _, hunk in ipairs(file.hunks) do
      total = total + 1
      pending = pending + (hunk.state == 'pending' and 1 or 0)
    end
  end
  return pending, total
end

--- Accept or reject; what was refused is told, with the reason.
---@param verb 'acceptHunk'|'rejectHunk'|'acceptFile'|'rejectFile'|'acceptAll'|'rejectAll'
---@param arguments { changesetId: string, uri: string?, hunkId: string? }
---@param done fun(changeset: droid.Changeset)?
function M.decide(verb, arguments, done)
  require('droid.client').execute('droid.review.' .. verb, arguments, function(result)
    M.take(result.changeset)
    local refused = result.refused or {}
    if #refused > 0 then
      local first = refused[1]
      local more = #refused > 1 and (' (and %d more)'):format(#refused - 1) or ''
      require('droid.notify').warn(('%s: %s%s'):format(first.path, first.why, more))
    end
    require('droid.updates').reload_files()
    if done then
      done(result.changeset)
    end
  end)
end

return M
