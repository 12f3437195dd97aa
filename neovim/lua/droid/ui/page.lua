--- Lines with their highlights, built one after another; text of others is made exact on the way.

local text = require('droid.text')

---@class droid.Page
---@field lines string[]
---@field marks { row: integer, from: integer, to: integer, group: string }[]
local Page = {}
Page.__index = Page

local M = {}

---@return droid.Page
function M.new()
  return setmetatable({ lines = {}, marks = {} }, Page)
end

--- Add a line of pieces, each `{ text, group }` or plain text.
---@param ... string|{ [1]: string, [2]: string? }
---@return integer number of the line, from 1
function Page:add(...)
  local row, line = #self.lines, ''
  for _, piece in ipairs({ ... }) do
    local words, group = piece, nil
    if type(piece) == 'table' then
      words, group = piece[1], piece[2]
    end
    local shown = text.exact(words)
    if group then
      self.marks[#self.marks + 1] = { row = row, from = #line, to = #line + #shown, group = group }
    end
    for from, to in shown:gmatch('()⟨%w%+?%w+⟩()') do
      self.marks[#self.marks + 1] = { row = row, from = #line + from - 1, to = #line + to - 1, group = 'DroidHidden' }
    end
    line = line .. shown
  end
  self.lines[row + 1] = line
  return row + 1
end

---@param body string
---@param group string?
---@param indent string?
function Page:text(body, group, indent)
  for _, line in ipairs(text.exact_lines(body)) do
    self:add(indent or '', { line, group })
  end
end

---@param label string
---@param body string
---@param group string?
function Page:field(label, body, group)
  self:add({ label .. ' ', 'DroidLabel' }, { (body:gsub('\n', ' ')), group })
end

function Page:gap()
  if #self.lines > 0 and self.lines[#self.lines] ~= '' then
    self.lines[#self.lines + 1] = ''
  end
end

local GROUPS = { ['+'] = 'DroidAdded', ['-'] = 'DroidRemoved', ['@'] = 'DroidHunk' }

--- A line of a unified diff.
---@param line string
---@param indent string?
function Page:diff_line(line, indent)
  self:add(indent or '', { line, GROUPS[line:sub(1, 1)] })
end

---@param buffer integer
---@param namespace integer
function Page:draw(buffer, namespace)
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, self.lines)
  vim.bo[buffer].modifiable = false
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  for _, mark in ipairs(self.marks) do
    vim.api.nvim_buf_set_extmark(buffer, namespace, mark.row, mark.from, {
      end_col = mark.to,
      hl_group = mark.group,
      priority = mark.group == 'DroidHidden' and 210 or 200,
    })
  end
end

return M
