--- Writes a conversation into its buffer: almost always at the end, without reading the rest.
---
--- The last line stays empty, and holds what is said below the text (things to do, what is running). Folds
--- are manual ones, made when a block is complete: an expression would be evaluated for every line, and not
--- at all while the person is in Insert mode.

local M = {}

local namespace = vim.api.nvim_create_namespace('droid.chat')
local folds = vim.api.nvim_create_namespace('droid.folds')

---@class droid.Writer
---@field buffer integer
---@field rows integer content lines; the empty one after them not counted
---@field last integer bytes of the last content line
---@field followers table<integer, boolean> windows whose cursor is at the end
local Writer = {}
Writer.__index = Writer

M.namespace = namespace

---@param buffer integer
---@return droid.Writer
function M.new(buffer)
  return setmetatable({ buffer = buffer, rows = 0, last = 0, followers = {} }, Writer)
end

---@param change fun()
function Writer:unlocked(change)
  local options = vim.bo[self.buffer]
  options.modifiable = true
  local ok, problem = pcall(change)
  options.modifiable = false
  options.modified = false
  if not ok then
    error(problem, 0)
  end
end

--- Which windows follow: those whose cursor is on the last line. Asked before something is added.
function Writer:look()
  self.followers = {}
  local last = vim.api.nvim_buf_line_count(self.buffer)
  for _, window in ipairs(vim.fn.win_findbuf(self.buffer)) do
    if vim.api.nvim_win_get_cursor(window)[1] >= last then
      self.followers[window] = true
    end
  end
end

--- Take the windows that follow to the end.
function Writer:follow()
  local last = vim.api.nvim_buf_line_count(self.buffer)
  for window in pairs(self.followers) do
    if vim.api.nvim_win_is_valid(window) and vim.api.nvim_win_get_buf(window) == self.buffer then
      if vim.api.nvim_win_get_cursor(window)[1] ~= last then
        vim.api.nvim_win_set_cursor(window, { last, 0 })
      end
    end
  end
end

function Writer:clear()
  self:unlocked(function()
    vim.api.nvim_buf_clear_namespace(self.buffer, namespace, 0, -1)
    vim.api.nvim_buf_clear_namespace(self.buffer, folds, 0, -1)
    vim.api.nvim_buf_set_lines(self.buffer, 0, -1, false, { '' })
  end)
  for _, window in ipairs(vim.fn.win_findbuf(self.buffer)) do
    vim.api.nvim_win_call(window, function()
      vim.cmd('normal! zE')
    end)
  end
  self.rows, self.last = 0, 0
end

--- Add text at the end; a line feed in it begins a new line.
---@param text string
function Writer:text(text)
  self:lines_at_end(vim.split(text, '\n', { plain = true }))
end

--- The first of these goes on with the last line, the others follow it.
---@param pieces string[]
function Writer:lines_at_end(pieces)
  for i, piece in ipairs(pieces) do
    if piece:find('[\r%z]') then
      pieces[i] = piece:gsub('\r', ''):gsub('%z', '␀')
    end
  end
  self:unlocked(function()
    if self.rows == 0 then
      local added = vim.list_extend({}, pieces)
      added[#added + 1] = ''
      vim.api.nvim_buf_set_text(self.buffer, 0, 0, 0, 0, added)
      self.rows = 1
    else
      local row = self.rows - 1
      vim.api.nvim_buf_set_text(self.buffer, row, self.last, row, self.last, pieces)
    end
  end)
  self.last = #pieces > 1 and #pieces[#pieces] or self.last + #pieces[1]
  self.rows = self.rows + #pieces - 1
end

--- Begin a new line, after an empty one where there is text before it.
---@param lines string[]
---@param apart boolean
---@return integer row of the first of them, from 0
function Writer:block(lines, apart)
  if self.rows == 0 then
    self:lines_at_end(vim.list_extend({}, lines))
    return 0
  end
  local added = apart and self.last > 0 and { '' } or {}
  local row = self.rows + #added
  self:add_lines(vim.list_extend(added, lines))
  return row
end

--- Add lines after the last one. Text that is added to a folded line would take it out of its fold.
---@param lines string[]
function Writer:add_lines(lines)
  self:unlocked(function()
    vim.api.nvim_buf_set_lines(self.buffer, self.rows, self.rows, false, lines)
  end)
  self.rows = self.rows + #lines
  self.last = #lines[#lines]
end

--- Put lines below a row; marks and folds further down move with their text.
---@param row integer from 0
---@param lines string[]
function Writer:insert_below(row, lines)
  if row >= self.rows - 1 then
    return self:add_lines(lines)
  end
  self:unlocked(function()
    vim.api.nvim_buf_set_lines(self.buffer, row + 1, row + 1, false, lines)
  end)
  self.rows = self.rows + #lines
end

--- Take rows away, last one excluded.
---@param first integer
---@param last integer
function Writer:remove(first, last)
  if last <= first then
    return
  end
  self:unlocked(function()
    vim.api.nvim_buf_set_lines(self.buffer, first, last, false, {})
  end)
  self.rows = self.rows - (last - first)
  local line = self.rows > 0 and vim.api.nvim_buf_get_lines(self.buffer, self.rows - 1, self.rows, false)[1]
  self.last = line and #line or 0
end

---@param row integer
---@param options vim.api.keyset.set_extmark
---@param column integer?
---@return integer
function Writer:mark(row, options, column)
  options.strict = false
  return vim.api.nvim_buf_set_extmark(self.buffer, namespace, row, column or 0, options)
end

---@param id integer
---@return integer? row
function Writer:row_of(id)
  local found = vim.api.nvim_buf_get_extmark_by_id(self.buffer, namespace, id, {})
  return found[1]
end

--- Fold rows, in every window that shows them now or later.
---@param first integer from 0
---@param last integer included
function Writer:fold(first, last)
  vim.api.nvim_buf_set_extmark(self.buffer, folds, first, 0, { end_row = last, end_col = 0, strict = false })
  for _, window in ipairs(vim.fn.win_findbuf(self.buffer)) do
    M.fold_in(window, first, last)
  end
end

---@param window integer
---@param first integer
---@param last integer
function M.fold_in(window, first, last)
  vim.api.nvim_win_call(window, function()
    if vim.wo.foldmethod == 'manual' and vim.fn.foldlevel(first + 1) == 0 then
      vim.cmd(('%d,%dfold'):format(first + 1, last + 1))
    end
  end)
end

--- Fold in a window what was folded before the window showed this buffer.
---@param window integer
function Writer:fold_all_in(window)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(self.buffer, folds, 0, -1, { details = true })) do
    M.fold_in(window, mark[2], mark[4].end_row or mark[2])
  end
end

--- What is shown below the text, in place of what was there.
---@param lines { [1]: string, [2]: string }[][]
function Writer:below(lines)
  local row = vim.api.nvim_buf_line_count(self.buffer) - 1
  if #lines == 0 then
    if self.below_id then
      vim.api.nvim_buf_del_extmark(self.buffer, namespace, self.below_id)
      self.below_id = nil
    end
    return
  end
  self.below_id = self:mark(row, { id = self.below_id, virt_lines = lines, virt_lines_above = true })
end

return M
