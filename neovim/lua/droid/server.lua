--- Finds the server: the option `cmd`, then the workspace's virtual environment, then PATH.
---
--- A program that lies in a workspace came with it, maybe from a stranger. It is run only once a person has
--- said so, and asked about again when its content changes.

local M = {}

---@class droid.Found
---@field cmd string[]
---@field from string where it was found, in words

---@return string
local function store()
  return vim.fs.joinpath(vim.fn.stdpath('state') --[[@as string]], 'droid-servers.json')
end

---@return table<string, string> path to the SHA-256 of its content, or `no`
local function remembered()
  local file = io.open(store(), 'rb')
  if not file then
    return {}
  end
  local ok, decoded = pcall(vim.json.decode, file:read('*a'))
  file:close()
  return ok and type(decoded) == 'table' and decoded or {}
end

---@param path string
---@return string?
local function hash(path)
  local file = io.open(path, 'rb')
  if not file then
    return nil
  end
  local content = file:read('*a')
  file:close()
  return vim.fn.sha256(content)
end

--- The server of a workspace's own virtual environment, wherever it is allowed to run.
---@param root string?
---@return string? path
---@return 'yes'|'no'|'unknown'? allowed
function M.of_workspace(root)
  local folder = root or vim.fn.getcwd()
  for _, name in ipairs({ '.venv/bin/droid-lsp', '.venv/Scripts/droid-lsp.exe' }) do
    local path = vim.fs.joinpath(folder, name)
    if vim.fn.executable(path) == 1 then
      local said = remembered()[path]
      return path, said == 'no' and 'no' or said ~= nil and said == hash(path) and 'yes' or 'unknown'
    end
  end
end

---@param path string
---@param allow boolean
function M.remember(path, allow)
  local all = remembered()
  all[path] = allow and hash(path) or 'no'
  vim.fn.mkdir(vim.fs.dirname(store()), 'p')
  vim.fn.writefile({ vim.json.encode(all) }, store())
end

--- Nil where there is none.
---@param root string?
---@return droid.Found?
function M.find(root)
  local given = require('droid.config').get().cmd
  if given then
    return vim.fn.executable(given[1]) == 1 and { cmd = given, from = 'the option cmd' } or nil
  end
  local own, allowed = M.of_workspace(root)
  if own and allowed == 'yes' then
    return { cmd = { own }, from = 'the workspace' }
  end
  local path = vim.fn.exepath('droid-lsp')
  if path ~= '' then
    -- The very same program, because its environment is active: that was somebody's decision already.
    return { cmd = { path }, from = path == own and 'the workspace' or 'PATH' }
  end
  return nil
end

--- Let the person say whether the workspace's own server may run, where that is not known yet.
---@param root string?
---@param done fun()
function M.decide(root, done)
  local own, allowed = M.of_workspace(root)
  if require('droid.config').get().cmd or not own or allowed ~= 'unknown' or vim.fn.exepath('droid-lsp') == own then
    return done()
  end
  local choices = { 'Run it, and remember', 'Never run it' }
  vim.ui.select(choices, { prompt = ('This workspace brings a server of its own: %s'):format(own) }, function(choice)
    if choice then
      M.remember(own, choice == choices[1])
    end
    done()
  end)
end

--- Why there is none, and what to do about it.
---@param root string?
---@return string
function M.missing(root)
  local given = require('droid.config').get().cmd
  if given then
    return ('%s cannot be run; mend the option cmd, then :Droid restart'):format(given[1])
  end
  local own, allowed = M.of_workspace(root)
  if own and allowed == 'unknown' then
    return 'this workspace brings a droid-lsp of its own; :Droid restart asks whether to run it'
  end
  return 'droid-lsp is not on PATH; put it there, or set the option cmd (:help droid-server)'
end

return M
