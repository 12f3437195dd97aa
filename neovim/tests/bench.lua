-- Figures of the plugin, as JSON on one line: `nvim --headless --clean -u NONE -l neovim/tests/bench.lua`.
-- Times are in milliseconds, each the median of several runs, the worst beside it.

local here = vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2)))
local root = vim.fs.dirname(here)
vim.opt.runtimepath:prepend(root)

local LINES = 5000
local APPENDS = 400

---@param times number[]
---@return { median: number, worst: number }
local function of(times)
  table.sort(times)
  return { median = times[math.ceil(#times / 2)], worst = times[#times] }
end

---@param action fun()
---@return number
local function took(action)
  local began = vim.uv.hrtime()
  action()
  return (vim.uv.hrtime() - began) / 1e6
end

local function forget()
  for name in pairs(package.loaded) do
    if name:find('^droid') then
      package.loaded[name] = nil
    end
  end
end

--- What a person pays at start-up, who never uses the plugin.
local function startup()
  local times = {}
  for _ = 1, 20 do
    forget()
    vim.g.loaded_droid = nil
    times[#times + 1] = took(function()
      vim.cmd.source(root .. '/plugin/droid.lua')
    end)
  end
  return of(times)
end

local function require_droid()
  local times = {}
  for _ = 1, 20 do
    forget()
    times[#times + 1] = took(function()
      require('droid')
    end)
  end
  return of(times)
end

--- Pieces of an answer that stream into a long conversation, drawn and followed in its window.
local function append()
  forget()
  require('droid.sessions').known('bench', 0)
  local transcript = require('droid.ui.transcript').of('bench')
  vim.api.nvim_win_set_buf(0, transcript.buffer)
  require('droid.ui.chat').dress(0, transcript)
  local paragraph = {}
  for i = 1, LINES do
    paragraph[i] = i % 20 == 0 and ''
      or ('Line %d of an *answer* with `code` in it, as long as lines of prose are.'):format(i)
  end
  local function say(words)
    transcript:apply({ sessionUpdate = 'agent_message_chunk', content = { type = 'text', text = words } })
    transcript:flush()
  end
  say(table.concat(paragraph, '\n'))
  vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(transcript.buffer), 0 })
  vim.cmd('redraw')
  local drawn, with_screen = {}, {}
  for i = 1, APPENDS do
    local words = i % 5 == 0 and 'and a line ends here.\n' or 'some more words of it, '
    local time = took(function()
      say(words)
    end)
    drawn[#drawn + 1] = time
    with_screen[#with_screen + 1] = time + took(function()
      vim.cmd('redraw')
    end)
  end
  local followed = vim.api.nvim_win_get_cursor(0)[1] == vim.api.nvim_buf_line_count(transcript.buffer)
  return of(drawn), of(with_screen), followed, vim.api.nvim_buf_line_count(transcript.buffer)
end

local plugin, loaded = startup(), require_droid()
local drawn, with_screen, followed, lines = append()
io.stdout:write(vim.json.encode({
  startupMs = plugin.median,
  startupWorstMs = plugin.worst,
  requireMs = loaded.median,
  requireWorstMs = loaded.worst,
  appendMs = drawn.median,
  appendWorstMs = drawn.worst,
  appendAndRedrawMs = with_screen.median,
  appendAndRedrawWorstMs = with_screen.worst,
  followed = followed,
  lines = lines,
}) .. '\n')
os.exit(0)
