--- What a turn changed, marked in the files' own buffers: added lines, what they replaced, and keys to accept
--- or reject a hunk there. A hunk whose lines are not there any more is not marked.

local config = require('droid.config')

local M = {}

local namespace = vim.api.nvim_create_namespace('droid.hunks')

---@class droid.Mark
---@field mark integer extmark at its first line
---@field lines integer added lines
---@field hunk droid.HunkInfo

---@type table<integer, { changeset: string, uri: string, marks: droid.Mark[] }> by buffer
local shown = {}

---@param uri string
---@return integer? buffer that is loaded
local function loaded(uri)
  local path = vim.uri_to_fname(uri)
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    if vim.api.nvim_buf_is_loaded(buffer) and vim.api.nvim_buf_get_name(buffer) == path then
      return buffer
    end
  end
end

---@param buffer integer
---@param marks boolean
local function set_keys(buffer, marks)
  local keys = config.get().review.inline_keys
  local actions = {
    next_hunk = {
      'Next hunk',
      function()
        M.jump(1)
      end,
    },
    previous_hunk = {
      'Previous hunk',
      function()
        M.jump(-1)
      end,
    },
    accept_hunk = {
      'Accept hunk',
      function()
        M.decide('accept', 'hunk')
      end,
    },
    reject_hunk = {
      'Reject hunk',
      function()
        M.decide('reject', 'hunk')
      end,
    },
  }
  for name, action in pairs(actions) do
    if keys[name] and marks then
      vim.keymap.set('n', keys[name], action[2], { buffer = buffer, desc = 'Droid: ' .. action[1] })
    elseif keys[name] then
      pcall(vim.keymap.del, 'n', keys[name], { buffer = buffer })
    end
  end
end

---@param buffer integer
local function clear(buffer)
  if not shown[buffer] then
    return
  end
  shown[buffer] = nil
  if vim.api.nvim_buf_is_valid(buffer) then
    vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
    set_keys(buffer, false)
  end
end

---@param buffer integer
---@param hunk droid.HunkInfo
---@return integer? row where its new lines begin, from 0
local function place_of(buffer, hunk)
  local wanted = {}
  for _, line in ipairs(hunk.lines) do
    if line:sub(1, 1) ~= '-' then
      wanted[#wanted + 1] = line:sub(2)
    end
  end
  local row = hunk.newLines == 0 and hunk.newStart or hunk.newStart - 1
  local there = vim.api.nvim_buf_get_lines(buffer, row, row + #wanted, false)
  return vim.deep_equal(wanted, there) and row or nil
end

---@param buffer integer
---@param hunk droid.HunkInfo
---@param row integer
---@return droid.Mark
local function draw(buffer, hunk, row)
  local first, lines, removed, added = nil, {}, {}, 0
  local function removed_at(at)
    if #removed > 0 then
      local below = at >= vim.api.nvim_buf_line_count(buffer)
      vim.api.nvim_buf_set_extmark(buffer, namespace, below and math.max(0, at - 1) or at, 0, {
        virt_lines = removed,
        virt_lines_above = not below,
      })
      removed = {}
    end
  end
  for _, line in ipairs(hunk.lines) do
    local sign, rest = line:sub(1, 1), line:sub(2)
    if sign == '-' then
      first = first or row
      removed[#removed + 1] = { { rest == '' and ' ' or rest:gsub('\t', '    '), 'DroidRemovedLine' } }
    else
      removed_at(row)
      if sign == '+' then
        first = first or row
        lines[#lines + 1] = row
        added = added + 1
      end
      row = row + 1
    end
  end
  removed_at(row)
  for _, one in ipairs(lines) do
    vim.api.nvim_buf_set_extmark(buffer, namespace, one, 0, {
      sign_text = '▎',
      sign_hl_group = 'DroidAddedSign',
      line_hl_group = 'DroidAddedLine',
      priority = 20,
    })
  end
  local at = math.min(first or row, vim.api.nvim_buf_line_count(buffer) - 1)
  local options = added == 0 and { sign_text = '▁', sign_hl_group = 'DroidRemovedSign' } or {}
  return {
    mark = vim.api.nvim_buf_set_extmark(buffer, namespace, at, 0, options),
    lines = math.max(1, added),
    hunk = hunk,
  }
end

--- Mark what is still to be decided of an applied changeset.
---@param changeset droid.Changeset
function M.show(changeset)
  for buffer, one in pairs(shown) do
    if one.changeset == changeset.changesetId then
      clear(buffer)
    end
  end
  if changeset.state ~= 'applied' then
    return
  end
  require('droid.ui.highlight').ensure()
  for _, file in ipairs(changeset.files) do
    local buffer = loaded(file.uri)
    if buffer then
      local marks = {}
      clear(buffer)
      for _, hunk in ipairs(file.hunks) do
        local row = hunk.state == 'pending' and place_of(buffer, hunk)
        if row then
          marks[#marks + 1] = draw(buffer, hunk, row)
        end
      end
      if #marks > 0 then
        shown[buffer] = { changeset = changeset.changesetId, uri = file.uri, marks = marks }
        set_keys(buffer, true)
      end
    end
  end
end

---@param buffer integer
---@param one droid.Mark
---@return integer row
local function row_of(buffer, one)
  return vim.api.nvim_buf_get_extmark_by_id(buffer, namespace, one.mark, {})[1] or 0
end

---@param step integer
function M.jump(step)
  local here = shown[vim.api.nvim_get_current_buf()]
  if not here then
    return
  end
  local line, target = vim.api.nvim_win_get_cursor(0)[1], nil
  for _, one in ipairs(here.marks) do
    local at = row_of(0, one) + 1
    if step > 0 and at > line then
      target = target or at
    elseif step < 0 and at < line then
      target = at
    end
  end
  if target then
    vim.api.nvim_win_set_cursor(0, { target, 0 })
  end
end

---@param verb 'accept'|'reject'
---@param what 'hunk'|'file'|'all'
function M.decide(verb, what)
  local buffer = vim.api.nvim_get_current_buf()
  local here = shown[buffer]
  local changes = require('droid.changes')
  local newest = changes.list()[#changes.list()]
  if not here and not (what == 'all' and newest) then
    return require('droid.notify').info('there is nothing to decide here; :Droid review-changes')
  end
  local arguments = { changesetId = here and here.changeset or newest.changesetId }
  if what ~= 'all' then
    arguments.uri = here.uri
  end
  if what == 'hunk' then
    local row, best, distance = vim.api.nvim_win_get_cursor(0)[1] - 1, nil, nil
    for _, one in ipairs(here.marks) do
      local first = row_of(buffer, one)
      local last = first + one.lines - 1
      local away = row < first and first - row or row > last and row - last or 0
      if not distance or away < distance then
        best, distance = one, away
      end
    end
    arguments.hunkId = assert(best).hunk.hunkId
  end
  changes.decide(verb .. ({ hunk = 'Hunk', file = 'File', all = 'All' })[what], arguments)
end

--- What is marked in a buffer.
---@param buffer integer
---@return droid.Mark[]
function M.marks(buffer)
  return shown[buffer] and shown[buffer].marks or {}
end

return M
