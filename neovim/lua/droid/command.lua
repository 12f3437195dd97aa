--- `:Droid`: its subcommands, what each takes, and the completion of both.

local M = {}

---@class droid.Call
---@field words string all that follows the subcommand
---@field args string[]
---@field bang boolean
---@field line1 integer? with a range
---@field line2 integer?

---@class droid.Subcommand
---@field about string
---@field run fun(call: droid.Call)
---@field complete? fun(lead: string): string[]

local CODE = { 'explain', 'fix', 'refactor', 'document', 'test', 'review' }
local LEVELS = { 'off', 'low', 'medium', 'high' }

---@return table
local function verbs()
  return require('droid.verbs')
end

---@return string[]
local function model_ids()
  local result = require('droid.client').execute_sync('droid.model.list', {}, 500)
  return vim.tbl_map(function(row)
    return row.id
  end, result and result.models or {})
end

---@return string[]
local function session_ids()
  local result = require('droid.client').execute_sync('droid.session.list', {}, 500)
  return vim.tbl_map(function(row)
    return row.sessionId
  end, result and result.sessions or {})
end

---@param verb string
---@return fun(call: droid.Call)
local function about_code(verb)
  return function(call)
    verbs().run(verb, { prompt = call.words, line1 = call.line1, line2 = call.line2, fresh = call.bang })
  end
end

---@param call droid.Call
local function ask(call)
  if call.words ~= '' then
    return about_code('ask')(call)
  end
  local current = require('droid.sessions').current()
  if call.line1 then
    vim.ui.input({ prompt = ('Ask about lines %d–%d: '):format(call.line1, call.line2) }, function(said)
      if said and vim.trim(said) ~= '' then
        call.words = said
        about_code('ask')(call)
      end
    end)
  elseif current and not call.bang then
    require('droid.ui.prompt').enter(current.id)
  else
    verbs().new({ enter = true })
  end
end

--- A session by its id, or the one that the person picks.
---@param prompt string
---@param done fun(id: string)
---@return fun(call: droid.Call)
local function on_session(prompt, done)
  return function(call)
    if call.words ~= '' then
      return done(call.words)
    end
    require('droid.ui.pick').session(prompt, '', function(row)
      done(row.sessionId)
    end)
  end
end

---@param verb 'accept'|'reject'
---@return fun(call: droid.Call)
local function decide(verb)
  return function(call)
    local what = call.args[1] or 'hunk'
    if not vim.list_contains({ 'hunk', 'file', 'all' }, what) then
      return require('droid.notify').error((':Droid %s takes hunk, file or all'):format(verb))
    end
    require('droid.ui.review').decide(verb, what)
  end
end

local function hunk_words()
  return { 'hunk', 'file', 'all' }
end

---@type table<string, droid.Subcommand>
M.subcommands = {
  ask = { about = 'Ask, about the lines of the range', run = ask },
  chat = {
    about = 'Show or hide the chat; with ! beside the one that is shown',
    run = function(call)
      require('droid.ui.chat').toggle(call.bang)
    end,
  },
  cancel = {
    about = 'Cancel the running turn',
    run = function()
      verbs().cancel()
    end,
  },
  new = {
    about = 'Begin a session; with ! beside the one that is shown',
    run = function(call)
      verbs().new({ enter = true, beside = call.bang })
    end,
  },
  sessions = {
    about = 'Pick a session to resume; words are searched in all of them',
    run = function(call)
      require('droid.ui.pick').session('Resume a session', call.words, function(row)
        verbs().resume(row.sessionId, { beside = call.bang })
      end)
    end,
  },
  resume = {
    about = 'Resume a session by its id; without one, pick',
    run = function(call)
      on_session('Resume a session', function(id)
        verbs().resume(id, { beside = call.bang })
      end)(call)
    end,
    complete = session_ids,
  },
  fork = {
    about = 'Go on with a copy of the session',
    run = function(call)
      verbs().fork({ beside = call.bang })
    end,
  },
  rename = {
    about = 'Name the session',
    run = function(call)
      verbs().rename(call.words)
    end,
  },
  export = {
    about = 'The session as markdown or json',
    run = function(call)
      verbs().export(call.words)
    end,
    complete = function()
      return { 'markdown', 'json' }
    end,
  },
  delete = {
    about = 'Delete a session for good; with ! unasked',
    run = function(call)
      on_session('Delete a session', function(id)
        verbs().delete(id, call.bang)
      end)(call)
    end,
    complete = session_ids,
  },
  model = {
    about = 'Set the model of the session',
    run = function(call)
      require('droid.ui.pick').model(call.words)
    end,
    complete = model_ids,
  },
  autonomy = {
    about = 'Set what runs without asking',
    run = function(call)
      require('droid.ui.pick').autonomy(call.words)
    end,
    complete = function()
      return LEVELS
    end,
  },
  usage = {
    about = 'What the session used',
    run = function()
      verbs().read('droid.usage', 'Usage')
    end,
  },
  doctor = {
    about = 'Check the installation',
    run = function()
      verbs().read('droid.doctor', 'Doctor')
    end,
  },
  status = {
    about = 'How things stand',
    run = function()
      verbs().status()
    end,
  },
  approvals = {
    about = 'Answer what waits',
    run = function()
      require('droid.ui.question').enter()
    end,
  },
  ['review-changes'] = {
    about = 'Review changes side by side',
    run = function()
      require('droid.ui.review').choose(require('droid.sessions').current_id())
    end,
  },
  accept = { about = 'Accept a hunk, a file or all', run = decide('accept'), complete = hunk_words },
  reject = { about = 'Reject a hunk, a file or all', run = decide('reject'), complete = hunk_words },
  undo = {
    about = "Undo the last turn's changes",
    run = function()
      verbs().undo()
    end,
  },
  checkpoints = {
    about = 'Go back to a checkpoint',
    run = function()
      require('droid.ui.pick').checkpoint()
    end,
  },
  trust = {
    about = 'Trust this workspace',
    run = function()
      verbs().trust()
    end,
  },
  settings = {
    about = 'What holds for a setting, and why',
    run = function(call)
      verbs().settings(call.words)
    end,
  },
  restart = {
    about = 'Start the server again',
    run = function()
      require('droid.client').restart()
    end,
  },
  log = {
    about = "Show the client's log",
    run = function()
      vim.cmd.split(vim.fn.fnameescape(vim.lsp.log.get_filename()))
    end,
  },
}

for _, verb in ipairs(CODE) do
  local titles = require('droid.protocol').titles
  M.subcommands[verb] = {
    about = titles['droid.' .. verb] .. ', the lines of the range; words say more',
    run = about_code(verb),
  }
end

---@return string[]
local function names()
  local all = vim.tbl_keys(M.subcommands)
  table.sort(all)
  return all
end

---@param command vim.api.keyset.create_user_command.command_args
function M.run(command)
  local args = command.fargs
  local name = args[1] or 'chat'
  local subcommand = M.subcommands[name]
  if not subcommand then
    local known = vim.fn.matchfuzzy(names(), name)
    local meant = known[1] and ('; did you mean %s?'):format(known[1]) or '; :Droid <Tab> lists what there is'
    return require('droid.notify').error(('there is no :Droid %s%s'):format(name, meant))
  end
  subcommand.run({
    words = vim.trim((command.args:gsub('^%s*%S+', '', 1))),
    args = vim.list_slice(args, 2),
    bang = command.bang,
    line1 = command.range > 0 and command.line1 or nil,
    line2 = command.range > 0 and command.line2 or nil,
  })
end

---@param lead string
---@param line string
---@param position integer
---@return string[]
function M.complete(lead, line, position)
  local before = line:sub(1, position)
  local after = before:match('Droid!?%s+(.*)$') or ''
  local name = after:match('^(%S+)%s')
  local candidates
  if not name then
    candidates = names()
  else
    local subcommand = M.subcommands[name]
    candidates = subcommand and subcommand.complete and subcommand.complete(lead) or {}
  end
  return vim.tbl_filter(function(one)
    return vim.startswith(one, lead)
  end, candidates)
end

return M
