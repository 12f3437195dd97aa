--- What this Neovim knows of sessions: who they are, what they do, which one is meant.

local M = {}

---@class droid.Session
---@field id string
---@field client_id integer
---@field title string
---@field model string
---@field autonomy string
---@field busy boolean
---@field turn_id string?
---@field kind string what it does, in a word: `thinking`, `tool`, `waiting`, `idle` …
---@field message string what it does, in a line
---@field cost_usd number?
---@field context_tokens integer?
---@field context_window integer?
---@field todos table[]

---@type table<string, droid.Session>
local all = {}
---@type string[] in the order in which they came
local order = {}
---@type string?
local current

---@param id string?
---@return droid.Session?
function M.get(id)
  return id and all[id] or nil
end

---@return droid.Session[]
function M.list()
  return vim.tbl_map(function(id)
    return all[id]
  end, order)
end

--- The session that is meant: the one of this window's buffer, else the last one that was used.
---@return droid.Session?
function M.current()
  return all[vim.b.droid_session] or all[current]
end

--- Its id where the server of this buffer has it; else nil, and the server knows one itself.
---@return string?
function M.current_id()
  local session = M.current()
  if not session or (session.client_id == 0) then
    return nil
  end
  local here = vim.lsp.get_clients({ name = 'droid', bufnr = 0 })[1]
  -- A session whose server is gone is taken up by the next one; one that another server has is not.
  local lives = vim.lsp.get_client_by_id(session.client_id) ~= nil
  if here and lives and here.id ~= session.client_id and vim.b.droid_session == nil then
    return nil
  end
  return session.id
end

---@param id string
function M.use(id)
  current = id
end

--- A session by its id, known from now on.
---@param id string
---@param client_id integer
---@return droid.Session
function M.known(id, client_id)
  if not all[id] then
    all[id] = {
      id = id,
      client_id = client_id,
      title = '',
      model = '',
      autonomy = '',
      busy = false,
      kind = 'idle',
      message = '',
      todos = {},
    }
    order[#order + 1] = id
    current = current or id
  end
  all[id].client_id = client_id
  return all[id]
end

--- Take what the server says of a session (`droid/configChanged`, and what many verbs answer).
---@param described table?
---@param client_id integer
---@return droid.Session?
function M.described(described, client_id)
  if type(described) ~= 'table' or type(described.sessionId) ~= 'string' then
    return nil
  end
  local session = M.known(described.sessionId, client_id)
  for from, to in pairs({ title = 'title', model = 'model', autonomy = 'autonomy', busy = 'busy' }) do
    if described[from] ~= nil then
      session[to] = described[from]
    end
  end
  if described.busy ~= nil then
    session.turn_id = described.turnId
  end
  return session
end

---@param id string
function M.forget(id)
  all[id] = nil
  order = vim.tbl_filter(function(one)
    return one ~= id
  end, order)
  if current == id then
    current = order[#order]
  end
end

---@param client_id integer
---@return string[]
function M.of_client(client_id)
  return vim.tbl_filter(function(id)
    return all[id].client_id == client_id
  end, order)
end

--- Nobody works in these any more; they are shown as they were until a server takes them up.
---@param client_id integer
---@return string[] ids
function M.client_ended(client_id)
  local ids = M.of_client(client_id)
  for _, id in ipairs(ids) do
    local session = all[id]
    session.busy, session.turn_id = false, nil
    session.kind, session.message = 'gone', 'the server is not running'
    if package.loaded['droid.ui.transcript'] then
      require('droid.ui.transcript').of(id):went_away()
    end
  end
  return ids
end

---@param id string
---@param client_id integer
function M.adopt(id, client_id)
  local session = M.known(id, client_id)
  session.kind, session.message = 'idle', ''
end

return M
