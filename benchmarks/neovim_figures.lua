-- What the plugin costs in Neovim, as one line of JSON on standard output.
-- Usage: nvim --headless --clean -u NONE -l neovim_figures.lua PLUGIN. Times are of one process; the caller
-- starts several.
vim.opt.runtimepath:prepend(_G.arg[1])
local now = vim.uv.hrtime

local before = now()
require('droid')
local required_ms = (now() - before) / 1e6

local LINES, APPENDS = 5000, 400
local transcript = require('droid.ui.transcript').of('bench')
vim.api.nvim_win_set_buf(0, transcript.buffer)
local function append(text)
  transcript:apply({ sessionUpdate = 'agent_message_chunk', content = { type = 'text', text = text } }, 'turn')
  transcript:flush()
end
local filler = {}
for line = 1, LINES do
  filler[line] = ('line %d of an answer, with `code` and **stress** in it\n'):format(line)
end
append(table.concat(filler))
vim.api.nvim_win_set_cursor(0, { vim.api.nvim_buf_line_count(transcript.buffer), 0 })
vim.cmd.redraw()
assert(vim.api.nvim_buf_line_count(transcript.buffer) >= LINES)

local appends_ms = {}
for n = 1, APPENDS do
  local began = now()
  append(n % 12 == 0 and 'a few words more\n' or 'a few words ')
  vim.cmd.redraw()
  appends_ms[n] = (now() - began) / 1e6
end
io.stdout:write(vim.json.encode({ requiredMs = required_ms, appendsMs = appends_ms }), '\n')
os.exit(0)
