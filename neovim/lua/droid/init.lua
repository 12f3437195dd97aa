--- Droid in Neovim: what people call from their own configuration. Everything behind it is loaded when it
--- is first used, so that requiring this module costs nothing at start-up.

local M = {}

--- Set options; only needed for what is to differ from the defaults (see `:help droid-options`).
---@param options droid.Options?
function M.setup(options)
  require('droid.config').set(options)
end

--- What the current session does, for a status line; empty until Droid is used.
---@return string
function M.statusline()
  local status = package.loaded['droid.ui.status']
  return status and status.line() or ''
end

--- Run a verb by its command, as `workspace/executeCommand` would; see docs/protocol.md for all of them.
---@param command string such as `droid.explain`
---@param arguments table?
---@param done fun(result: any)? what the server answers; errors are shown
function M.execute(command, arguments, done)
  require('droid.client').execute(command, arguments, done)
end

--- Send a prompt to the current session, or to a new one.
---@param prompt string
function M.ask(prompt)
  require('droid.verbs').run('ask', { prompt = prompt })
end

--- The sessions that this Neovim knows of, as `droid/configChanged` describes them.
---@return droid.Session[]
function M.sessions()
  local sessions = package.loaded['droid.sessions']
  return sessions and vim.deepcopy(sessions.list()) or {}
end

--- How many questions wait for an answer.
---@return integer
function M.waiting()
  local question = package.loaded['droid.ui.question']
  return question and question.count() or 0
end

return M
