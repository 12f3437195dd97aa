--- Code blocks of a conversation: go to them, yank them, put them into a file.

local M = {}

---@class droid.Block
---@field first integer line of its opening fence, from 1
---@field last integer line of its closing fence
---@field lines string[]
---@field language string

---@return droid.Block[]
local function all()
  local blocks, open = {}, nil
  for number, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    local fence, language = line:match('^ ? ? ?(```+)%s*([^`]*)$')
    if open and fence and language == '' and #fence >= #open.fence then
      open.last, open.fence = number, nil
      blocks[#blocks + 1], open = open, nil
    elseif open then
      open.lines[#open.lines + 1] = line
    elseif fence then
      open = { first = number, last = number, lines = {}, language = language:match('^%S*') or '', fence = fence }
    end
  end
  return blocks
end

---@return droid.Block?
local function under_cursor()
  local line = vim.api.nvim_win_get_cursor(0)[1]
  for _, block in ipairs(all()) do
    if block.first <= line and line <= block.last then
      return block
    end
  end
  require('droid.notify').info('there is no code block under the cursor')
end

---@param step integer
function M.jump(step)
  local line, target = vim.api.nvim_win_get_cursor(0)[1], nil
  for _, block in ipairs(all()) do
    if step > 0 and block.first > line then
      target = target or block.first
    elseif step < 0 and block.first < line then
      target = block.first
    end
  end
  if target then
    vim.api.nvim_win_set_cursor(0, { target, 0 })
  end
end

--- To the register that was named, else to the unnamed one.
function M.yank()
  local block = under_cursor()
  if block then
    vim.fn.setreg(vim.v.register, block.lines, 'l')
    require('droid.notify').info(require('droid.text').many(#block.lines, 'line') .. ' yanked')
  end
end

--- The window that the person edited last: code is put there.
---@return integer?
local function code_window()
  local candidates = { vim.fn.win_getid(vim.fn.winnr('#')) }
  vim.list_extend(candidates, vim.api.nvim_tabpage_list_wins(0))
  for _, window in ipairs(candidates) do
    if window ~= 0 and vim.api.nvim_win_is_valid(window) then
      local buffer = vim.api.nvim_win_get_buf(window)
      if vim.bo[buffer].buftype == '' and vim.bo[buffer].modifiable then
        return window
      end
    end
  end
end

--- Put the block into a file's buffer: where, the person says. It is one `u` away, and not saved.
function M.apply()
  local block = under_cursor()
  if not block then
    return
  end
  local window = code_window()
  local choices, actions = {}, {}
  local function offer(title, action)
    choices[#choices + 1] = title
    actions[title] = action
  end
  if window then
    local buffer = vim.api.nvim_win_get_buf(window)
    local name = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ':t')
    local cursor = vim.api.nvim_win_get_cursor(window)[1]
    local first = vim.api.nvim_buf_get_mark(buffer, '<')[1]
    local last = vim.api.nvim_buf_get_mark(buffer, '>')[1]
    if first > 0 and last <= vim.api.nvim_buf_line_count(buffer) then
      offer(('Replace lines %d–%d of %s (the last selection)'):format(first, last, name), function()
        vim.api.nvim_buf_set_lines(buffer, first - 1, last, false, block.lines)
      end)
    end
    offer(('Insert below line %d of %s'):format(cursor, name), function()
      vim.api.nvim_buf_set_lines(buffer, cursor, cursor, false, block.lines)
    end)
  end
  offer('Open in a new buffer', function()
    vim.cmd('new')
    vim.api.nvim_buf_set_lines(0, 0, -1, false, block.lines)
    vim.bo.filetype = block.language
  end)
  vim.ui.select(choices, { prompt = 'Apply the code block' }, function(choice)
    if choice then
      actions[choice]()
    end
  end)
end

return M
