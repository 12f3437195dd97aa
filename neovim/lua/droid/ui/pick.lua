--- Lists to choose from, all through `vim.ui.select`: whatever picker a person has shows them.

local text = require('droid.text')

local M = {}

---@param items table[]
---@param prompt string
---@param format fun(item: table): string
---@param chosen fun(item: table)
local function select(items, prompt, format, chosen)
  vim.ui.select(items, { prompt = prompt, format_item = format, kind = 'droid' }, function(item)
    if item then
      chosen(item)
    end
  end)
end

---@param row droid.SessionRow
---@return string
local function session_line(row)
  local parts = { text.many(row.turns, 'turn'), text.ago(row.updatedAt) }
  if row.costUsd then
    parts[#parts + 1] = ('$%.2f'):format(row.costUsd)
  end
  if row.live then
    parts[#parts + 1] = 'open'
  elseif row.locked then
    parts[#parts + 1] = 'open elsewhere'
  end
  if row.parent then
    parts[#parts + 1] = 'fork'
  end
  return ('%s — %s'):format(text.one_line(row.title ~= '' and row.title or 'untitled', 60), table.concat(parts, ', '))
end

--- Stored sessions of the workspace; the chosen one is given on.
---@param prompt string
---@param query string
---@param chosen fun(row: droid.SessionRow)
function M.session(prompt, query, chosen)
  require('droid.client').execute('droid.session.list', { query = query ~= '' and query or nil }, function(result)
    if #result.sessions == 0 then
      return require('droid.notify').info(query ~= '' and 'no session says that' or 'there are no sessions here yet')
    end
    select(result.sessions, prompt, session_line, chosen)
  end)
end

---@param model string
function M.model(model)
  local id = require('droid.sessions').current_id()
  local function set(chosen)
    require('droid.client').execute('droid.model.set', { sessionId = id, model = chosen }, function(result)
      M.config_set(result)
    end)
  end
  if model ~= '' then
    return set(model)
  end
  require('droid.client').execute('droid.model.list', { sessionId = id }, function(result)
    if #result.models == 0 then
      return require('droid.notify').warn('no model is configured; see docs/settings.md, customModels')
    end
    select(result.models, 'Model of this session', function(row)
      local parts = { row.provider }
      if row.contextWindow then
        parts[#parts + 1] = text.count(row.contextWindow) .. ' window'
      end
      if row.images then
        parts[#parts + 1] = 'images'
      end
      local current = row.id == result.current and ' (now)' or ''
      return ('%s%s — %s'):format(row.name, current, table.concat(parts, ', '))
    end, function(row)
      set(row.id)
    end)
  end)
end

local LEVELS = {
  { id = 'off', about = 'asks before everything but reading' },
  { id = 'low', about = 'edits in the workspace, and commands that only look' },
  { id = 'medium', about = 'and what can be undone: installs, builds, tests, local commits' },
  { id = 'high', about = 'and what cannot be undone' },
}

---@param level string
function M.autonomy(level)
  local session = require('droid.sessions').current()
  local id = require('droid.sessions').current_id()
  local function set(chosen)
    require('droid.client').execute('droid.autonomy.set', { sessionId = id, autonomy = chosen }, function(result)
      M.config_set(result)
    end)
  end
  if level ~= '' then
    return set(level)
  end
  select(LEVELS, 'What runs without asking', function(row)
    local current = session and session.autonomy == row.id and ' (now)' or ''
    return ('%s%s — %s'):format(row.id, current, row.about)
  end, function(row)
    set(row.id)
  end)
end

--- How a session goes on.
---@param result any
function M.config_set(result)
  if type(result) ~= 'table' or not result.sessionId then
    return
  end
  local client = require('droid.client').get(result.sessionId)
  local session = require('droid.sessions').described(result, client and client.id or 0)
  if session then
    require('droid.ui.status').changed(session.id)
    require('droid.notify').info(('model %s, autonomy %s'):format(session.model, session.autonomy))
  end
end

---@param seconds number
---@return string
local function clock(seconds)
  return os.date('%H:%M', math.floor(seconds)) --[[@as string]]
end

--- Moments that can be gone back to: which one, and what of it.
function M.checkpoint()
  local id = require('droid.sessions').current_id()
  require('droid.client').execute('droid.checkpoint.list', { sessionId = id }, function(result)
    if #result.checkpoints == 0 then
      return require('droid.notify').info('there is no checkpoint yet; each turn makes one')
    end
    local newest_first = {}
    for i = #result.checkpoints, 1, -1 do
      newest_first[#newest_first + 1] = result.checkpoints[i]
    end
    select(newest_first, 'Go back to before', function(row)
      local changes = #row.paths > 0 and text.many(#row.paths, 'file') or 'no files'
      local left = #row.leftOut > 0 and ', ' .. text.one_line(table.concat(row.leftOut, '; '), 60) or ''
      return ('%s “%s” — %s%s'):format(clock(row.startedAt), text.one_line(row.prompt, 50), changes, left)
    end, function(row)
      M.restore(result.sessionId, row)
    end)
  end)
end

---@param session_id string
---@param checkpoint droid.Checkpoint
function M.restore(session_id, checkpoint)
  local choices = {
    { what = 'both', about = 'Files and conversation' },
    { what = 'files', about = 'Files only' },
    { what = 'conversation', about = 'Conversation only' },
  }
  select(choices, 'What goes back', function(one)
    return one.about
  end, function(choice)
    local arguments = { sessionId = session_id, turnId = checkpoint.turnId, what = choice.what }
    require('droid.client').execute('droid.checkpoint.restore', arguments, function(result)
      if result.prompt then
        require('droid.ui.prompt').suggest(session_id, result.prompt)
      end
      if result.changeset and not result.done then
        require('droid.changes').take(result.changeset)
        require('droid.ui.review').open(result.changeset.changesetId)
        require('droid.notify').info('these changes go back once you accept them')
      else
        require('droid.updates').reload_files()
        require('droid.notify').info('back to before “' .. text.one_line(checkpoint.prompt, 40) .. '”')
      end
    end)
  end)
end

return M
