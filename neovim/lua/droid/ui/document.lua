--- Text to read: in a float that `q` closes, or in a window of its own.

local M = {}

---@param lines string[]
---@param filetype string
---@return integer
local function scratch(lines, filetype)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].modifiable = false
  if filetype ~= '' then
    vim.bo[buffer].filetype = filetype
    pcall(vim.treesitter.start, buffer, filetype:match('^[^.]*'))
  end
  return buffer
end

--- The person asked for it, so it takes the focus, and gives it back when it closes.
---@param title string
---@param lines string[]
---@param filetype string
---@return integer window
function M.float(title, lines, filetype)
  require('droid.ui.highlight').ensure()
  local buffer = scratch(lines, filetype)
  local width = 24
  for _, line in ipairs(lines) do
    width = math.max(width, vim.fn.strdisplaywidth(line) + 1)
  end
  width = math.min(width, math.floor(vim.o.columns * 0.9))
  local height = 0
  for _, line in ipairs(lines) do
    height = height + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  height = math.max(1, math.min(height, math.floor(vim.o.lines * 0.8)))
  local window = vim.api.nvim_open_win(buffer, true, {
    relative = 'editor',
    row = math.max(0, math.floor((vim.o.lines - height) / 2) - 1),
    col = math.floor((vim.o.columns - width) / 2),
    width = width,
    height = height,
    style = 'minimal',
    border = vim.o.winborder ~= '' and vim.o.winborder or 'rounded',
    title = (' %s '):format(title),
  })
  vim.wo[window].wrap = true
  vim.wo[window].linebreak = true
  vim.wo[window].foldenable = false
  for _, key in ipairs({ 'q', '<Esc>' }) do
    vim.keymap.set('n', key, '<Cmd>close<CR>', { buffer = buffer, nowait = true, desc = 'Close' })
  end
  return window
end

--- Text that is to be kept in sight, or written to a file.
---@param name string
---@param text string
---@param filetype string
---@return integer buffer
function M.open(name, text, filetype)
  local buffer = scratch(vim.split(text, '\n', { plain = true }), filetype)
  pcall(vim.api.nvim_buf_set_name, buffer, 'droid://' .. name)
  vim.bo[buffer].modifiable = true
  vim.cmd('split')
  vim.api.nvim_win_set_buf(0, buffer)
  vim.keymap.set('n', 'q', '<Cmd>close<CR>', { buffer = buffer, nowait = true, desc = 'Close' })
  return buffer
end

return M
