--- The options: their defaults, and the check of what a person sets.

local M = {}

---@class droid.Options
---@field cmd? string[] the server's program with its arguments; without it the workspace and PATH are searched
---@field chat? droid.ChatOptions
---@field prompt? droid.PromptOptions
---@field approval? droid.ApprovalOptions
---@field review? droid.ReviewOptions
---@field restart? droid.RestartOptions

---@class droid.ChatOptions
---@field position? 'right'|'left'|'bottom'|'top'|'tab'|'current'
---@field size? number of columns or lines; below 1, a part of the editor
---@field auto_open? boolean open the chat, without the focus, when a turn is started from code
---@field fold? boolean fold thinking and long output once they are complete
---@field output_lines? integer how many lines of output show before they are folded
---@field keys? table<string, string|false>

---@class droid.PromptOptions
---@field height? integer
---@field max_height? integer it grows with what is written
---@field keys? table<string, string|string[]|false>

---@class droid.ApprovalOptions
---@field position? 'auto'|'bottom-right'|'top-right'|'center' `auto`: away from the cursor
---@field width? number
---@field notify? boolean
---@field keys? table<string, string|false>

---@class droid.ReviewOptions
---@field inline? boolean mark what a turn changed in the files' own buffers
---@field keys? table<string, string|false> in the diff view
---@field inline_keys? table<string, string|false> in the files' own buffers

---@class droid.RestartOptions
---@field tries? integer how often a server that died is started again, in a minute
---@field delay_ms? integer before the first time; doubled each time

---@type droid.Options
local defaults = {
  cmd = nil,
  chat = {
    position = 'right',
    size = 0.42,
    auto_open = true,
    fold = true,
    output_lines = 6,
    keys = {
      prompt = 'i',
      cancel = '<C-c>',
      yank_block = 'yc',
      apply_block = 'ga',
      details = 'K',
      toggle = '<Tab>',
      approvals = 'gA',
      review = 'gr',
      next_block = ']c',
      previous_block = '[c',
      close = 'q',
      help = 'g?',
    },
  },
  prompt = {
    height = 5,
    max_height = 14,
    keys = {
      send = '<CR>',
      send_insert = '<C-s>',
      older = '<C-Up>',
      newer = '<C-Down>',
      cancel = '<C-c>',
      close = 'q',
    },
  },
  approval = {
    position = 'auto',
    width = 0.6,
    notify = true,
    keys = {
      once = 'o',
      session = 's',
      session_program = 'p',
      always = 'a',
      reject = 'r',
      instruct = 'i',
      toggle_hunk = '<Space>',
      review = 'd',
      next_file = ']f',
      previous_file = '[f',
      next_hunk = ']h',
      previous_hunk = '[h',
      leave = 'q',
    },
  },
  review = {
    inline = true,
    keys = {
      next_hunk = ']h',
      previous_hunk = '[h',
      next_file = ']f',
      previous_file = '[f',
      accept_hunk = 'a',
      reject_hunk = 'x',
      accept_file = 'A',
      reject_file = 'X',
      accept_all = 'gA',
      reject_all = 'gX',
      close = 'q',
      help = 'g?',
    },
    inline_keys = {
      next_hunk = ']h',
      previous_hunk = '[h',
      accept_hunk = '<localleader>a',
      reject_hunk = '<localleader>x',
    },
  },
  restart = { tries = 5, delay_ms = 500 },
}

---@type droid.Options
local current = vim.deepcopy(defaults)

---@param value any
---@param default any
---@param path string
---@param problems string[]
local function check(value, default, path, problems)
  if default == nil then
    return
  end
  if type(default) == 'table' and not vim.islist(default) then
    if type(value) ~= 'table' then
      problems[#problems + 1] = ('%s is not a table'):format(path)
      return
    end
    for key, inner in pairs(value) do
      local name = path == '' and tostring(key) or ('%s.%s'):format(path, key)
      if default[key] == nil and name ~= 'cmd' then
        problems[#problems + 1] = ('there is no option %s'):format(name)
      elseif name ~= 'cmd' then
        check(inner, default[key], name, problems)
      elseif not (type(inner) == 'table' and type(inner[1]) == 'string') then
        problems[#problems + 1] = 'cmd is not a list that begins with a program'
      end
    end
  elseif path:find('keys%.') then
    if value ~= false and type(value) ~= 'string' then
      problems[#problems + 1] = ('%s is neither a key nor false'):format(path)
    end
  elseif type(value) ~= type(default) then
    problems[#problems + 1] = ('%s is not a %s'):format(path, type(default))
  end
end

--- What is wrong with options, one line each.
---@param options any
---@return string[]
function M.problems(options)
  local problems = {}
  check(options == nil and {} or options, defaults, '', problems)
  return problems
end

---@param options droid.Options?
function M.set(options)
  local problems = M.problems(options)
  if #problems > 0 then
    error(('droid.setup: %s (see :help droid-options)'):format(table.concat(problems, '; ')), 3)
  end
  current = vim.tbl_deep_extend('force', vim.deepcopy(defaults), options or {})
end

---@return droid.Options
function M.get()
  return current
end

return M
