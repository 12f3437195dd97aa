--- Review of changes in a tab page: what was, on the left; what is wanted, on the right; Neovim's own diff
--- between them. Hunks are accepted and rejected there one by one, by file, or all.

local changes = require('droid.changes')
local config = require('droid.config')
local text = require('droid.text')

local M = {}

local namespace = vim.api.nvim_create_namespace('droid.review')

---@class droid.ReviewView
---@field id string the changeset's
---@field tab integer
---@field windows { before: integer, after: integer }
---@field buffers table<string, { before: integer, after: integer }> by URI
---@field file integer which file is shown

---@type droid.ReviewView?
local view

---@return boolean
local function is_open()
  return view ~= nil and vim.api.nvim_tabpage_is_valid(view.tab) and vim.api.nvim_win_is_valid(view.windows.after)
end

--- Whether a review is shown.
---@return string? changeset
function M.shown()
  return is_open() and assert(view).id or nil
end

---@return droid.Changeset?, droid.ChangedFile?
local function here()
  local changeset = view and changes.get(view.id)
  return changeset, changeset and changeset.files[view.file]
end

--- The hunk that the cursor is in or next to.
---@return droid.HunkInfo?
local function hunk_here()
  local _, file = here()
  if not file or not view then
    return nil
  end
  local left = vim.api.nvim_get_current_win() == view.windows.before
  local line = vim.api.nvim_win_get_cursor(0)[1]
  local best, distance
  for _, hunk in ipairs(file.hunks) do
    local first = left and hunk.oldStart or hunk.newStart
    local last = first + math.max(1, left and hunk.oldLines or hunk.newLines) - 1
    local away = line < first and first - line or line > last and line - last or 0
    if not distance or away < distance then
      best, distance = hunk, away
    end
  end
  return best
end

local STATES = {
  pending = { '? pending', 'DroidWarning' },
  accepted = { '✓ accepted', 'DroidToolDone' },
  rejected = { '✗ rejected', 'DroidToolFailed' },
  stale = { '! stale: the file changed since', 'DroidStale' },
}

--- The first line of a hunk that changes, on the right side.
---@param hunk droid.HunkInfo
---@return integer line from 1
local function changed_line(hunk)
  local line = math.max(1, hunk.newStart)
  for _, one in ipairs(hunk.lines) do
    if one:sub(1, 1) ~= ' ' then
      break
    end
    line = line + 1
  end
  return line
end

---@param file droid.ChangedFile
---@param buffer integer
local function draw_states(file, buffer)
  vim.api.nvim_buf_clear_namespace(buffer, namespace, 0, -1)
  local last = vim.api.nvim_buf_line_count(buffer)
  for i, hunk in ipairs(file.hunks) do
    local state = STATES[hunk.state] or STATES.pending
    vim.api.nvim_buf_set_extmark(buffer, namespace, math.max(0, math.min(changed_line(hunk), last) - 1), 0, {
      virt_text = { { ('  %d/%d %s'):format(i, #file.hunks, state[1]), state[2] } },
      virt_text_pos = 'eol',
      hl_mode = 'combine',
    })
  end
end

---@param file droid.ChangedFile
---@param changeset droid.Changeset
local function draw_bars(file, changeset)
  if not view then
    return
  end
  local keys = config.get().review.keys
  local pending = vim.tbl_filter(function(hunk)
    return hunk.state == 'pending'
  end, file.hunks)
  local which = #changeset.files > 1 and (' %d/%d'):format(view.file, #changeset.files) or ''
  local states = { stale = 'stale: it changed since', accepted = 'accepted', rejected = 'rejected' }
  local how = states[file.state] or ('%d of %d to decide'):format(#pending, #file.hunks)
  if file.binary then
    how = 'binary, decided as one: ' .. file.state
  end
  local name = (' %s%s · %s'):format(file.path, which, how)
  local hints = {}
  for _, one in ipairs({ { 'accept_hunk', 'accept' }, { 'reject_hunk', 'reject' }, { 'help', 'keys' } }) do
    if keys[one[1]] then
      hints[#hints + 1] = keys[one[1]] .. ' ' .. one[2]
    end
  end
  local function bar(left, right)
    return ('%%#Title#%s%%*%%=%%<%s '):format((left:gsub('%%', '%%%%')), (right:gsub('%%', '%%%%')))
  end
  local applied = changeset.state == 'applied'
  vim.wo[view.windows.before].winbar = bar(applied and ' Before' or ' Now', table.concat(hints, ' · '))
  vim.wo[view.windows.after].winbar = bar(name, '')
end

---@param key string
---@param side 'before'|'after'
---@param file droid.ChangedFile
---@return integer
local function make_buffer(key, side, file)
  local buffer = vim.api.nvim_create_buf(false, true)
  pcall(vim.api.nvim_buf_set_name, buffer, ('droid://review/%s/%s/%s'):format(key, side, file.path))
  vim.bo[buffer].buftype, vim.bo[buffer].bufhidden, vim.bo[buffer].swapfile = 'nofile', 'hide', false
  vim.bo[buffer].modifiable = false
  local filetype = vim.filetype.match({ filename = file.path })
  if filetype then
    -- The colours of its language, without what else the file type would start.
    if not pcall(vim.treesitter.start, buffer, vim.treesitter.language.get_lang(filetype)) then
      vim.bo[buffer].syntax = filetype
    end
  end
  return buffer
end

---@param buffer integer
---@param content string?
local function fill(buffer, content)
  local lines = content and vim.split((content:gsub('\r\n', '\n'):gsub('\n$', '')), '\n', { plain = true }) or {}
  if vim.deep_equal(lines, vim.api.nvim_buf_get_lines(buffer, 0, -1, false)) then
    return
  end
  vim.bo[buffer].modifiable = true
  vim.api.nvim_buf_set_lines(buffer, 0, -1, false, lines)
  vim.bo[buffer].modifiable = false
end

--- Ask for both sides of a file again, and show them.
---@param done fun()?
local function load_sides(done)
  local changeset, file = here()
  if not changeset or not file or not view then
    return
  end
  local buffers = view.buffers[file.uri]
  local mine, left = view, 2
  for _, side in ipairs({ 'before', 'after' }) do
    local arguments = { changesetId = changeset.changesetId, uri = file.uri, side = side }
    require('droid.client').execute('droid.review.content', arguments, function(result)
      if not vim.api.nvim_buf_is_valid(buffers[side]) or view ~= mine then
        return
      end
      fill(buffers[side], file.binary and 'This file is binary.' or result.text)
      left = left - 1
      if left == 0 then
        draw_states(file, buffers.after)
        vim.cmd('diffupdate')
        if done then
          done()
        end
      end
    end, function(message)
      require('droid.notify').error(message)
    end)
  end
end

---@param step integer
local function jump(step)
  local _, file = here()
  if not file or not view then
    return
  end
  local line, target = vim.api.nvim_win_get_cursor(view.windows.after)[1], nil
  for _, hunk in ipairs(file.hunks) do
    local at = changed_line(hunk)
    if step > 0 and at > line then
      target = target or at
    elseif step < 0 and at < line then
      target = at
    end
  end
  if target then
    vim.api.nvim_set_current_win(view.windows.after)
    local last = vim.api.nvim_buf_line_count(0)
    vim.api.nvim_win_set_cursor(0, { math.min(target, last), 0 })
  elseif step > 0 and view.file < #assert(changes.get(view.id)).files then
    M.show_file(view.file + 1)
  end
end

---@param verb string
---@param what 'hunk'|'file'|'all'
local function decide(verb, what)
  local changeset, file = here()
  if not changeset or not file then
    return
  end
  local arguments = { changesetId = changeset.changesetId }
  if what ~= 'all' then
    arguments.uri = file.uri
  end
  if what == 'hunk' and not file.binary and #file.hunks > 0 then
    local hunk = hunk_here()
    if not hunk then
      return require('droid.notify').info('there is no hunk here')
    elseif hunk.state == 'stale' then
      return require('droid.notify').warn('this hunk is stale: the file changed since; nothing was done')
    end
    arguments.hunkId = hunk.hunkId
  elseif what == 'hunk' then
    what = 'file'
  end
  local name = verb .. ({ hunk = 'Hunk', file = 'File', all = 'All' })[what]
  changes.decide(name, arguments, function()
    if what == 'hunk' and is_open() then
      jump(1)
    end
  end)
end

---@param buffer integer
local function map_keys(buffer)
  local keys = config.get().review.keys
  local function map(name, about, run)
    if keys[name] then
      vim.keymap.set('n', keys[name], run, { buffer = buffer, nowait = true, desc = 'Droid: ' .. about })
    end
  end
  map('next_hunk', 'Next hunk', function()
    jump(1)
  end)
  map('previous_hunk', 'Previous hunk', function()
    jump(-1)
  end)
  map('next_file', 'Next file', function()
    M.show_file(assert(view).file + 1)
  end)
  map('previous_file', 'Previous file', function()
    M.show_file(assert(view).file - 1)
  end)
  map('accept_hunk', 'Accept hunk', function()
    decide('accept', 'hunk')
  end)
  map('reject_hunk', 'Reject hunk', function()
    decide('reject', 'hunk')
  end)
  map('accept_file', 'Accept file', function()
    decide('accept', 'file')
  end)
  map('reject_file', 'Reject file', function()
    decide('reject', 'file')
  end)
  map('accept_all', 'Accept all changes', function()
    decide('accept', 'all')
  end)
  map('reject_all', 'Reject all changes', function()
    decide('reject', 'all')
  end)
  map('close', 'Close the review; nothing is decided', M.close)
  map('help', 'Show these keys', function()
    require('droid.ui.chat').help('Review', 'review')
  end)
end

---@param number integer
function M.show_file(number)
  local changeset = view and changes.get(view.id)
  if not changeset or not view or not changeset.files[number] then
    return
  end
  view.file = number
  local file = changeset.files[number]
  local buffers = view.buffers[file.uri]
  if not buffers then
    buffers = { before = make_buffer(view.id, 'before', file), after = make_buffer(view.id, 'after', file) }
    view.buffers[file.uri] = buffers
    map_keys(buffers.before)
    map_keys(buffers.after)
  end
  for side, window in pairs(view.windows) do
    vim.api.nvim_win_call(window, function()
      vim.cmd('diffoff')
      vim.api.nvim_win_set_buf(window, buffers[side])
      vim.cmd('diffthis')
      vim.wo[window].number = true
      vim.wo[window].relativenumber = false
      vim.wo[window].signcolumn = 'no'
      vim.wo[window].wrap = false
    end)
  end
  draw_bars(file, changeset)
  load_sides(function()
    if view and file.hunks[1] and is_open() then
      local last = vim.api.nvim_buf_line_count(buffers.after)
      vim.api.nvim_win_set_cursor(view.windows.after, { math.min(changed_line(file.hunks[1]), last), 0 })
    end
  end)
end

--- Open a changeset; the person asked for it.
---@param id string
function M.open(id)
  local changeset = changes.get(id)
  if not changeset then
    return require('droid.client').execute('droid.review.open', { changesetId = id }, function(result)
      changes.take(result.changeset)
      if changes.get(id) then
        M.open(id)
      end
    end)
  end
  if #changeset.files == 0 then
    return require('droid.notify').info('there is nothing to review in it')
  end
  M.close()
  require('droid.ui.highlight').ensure()
  vim.cmd('tab split')
  local after = vim.api.nvim_get_current_win()
  vim.api.nvim_win_set_buf(after, vim.api.nvim_create_buf(false, true))
  vim.bo.bufhidden = 'wipe'
  local before = vim.api.nvim_open_win(vim.api.nvim_get_current_buf(), false, { split = 'left', win = after })
  view = {
    id = id,
    tab = vim.api.nvim_get_current_tabpage(),
    windows = { before = before, after = after },
    buffers = {},
    file = 1,
  }
  if #changeset.conflicts > 0 then
    local names = table.concat(changeset.conflicts, ', ')
    require('droid.notify').warn('somebody changed these since, so they are left as they are: ' .. names)
  end
  M.show_file(1)
end

--- Close the view; nothing is decided by that.
function M.close()
  if not view then
    return
  end
  local was = view
  view = nil
  if vim.api.nvim_tabpage_is_valid(was.tab) then
    if #vim.api.nvim_list_tabpages() > 1 then
      vim.cmd(('%dtabclose'):format(vim.api.nvim_tabpage_get_number(was.tab)))
    else
      vim.cmd('diffoff!')
    end
  end
  for _, buffers in pairs(was.buffers) do
    for _, buffer in pairs(buffers) do
      if vim.api.nvim_buf_is_valid(buffer) then
        vim.api.nvim_buf_delete(buffer, { force = true })
      end
    end
  end
end

--- How a changeset stands is shown anew; one that is closed is closed here too.
---@param changeset droid.Changeset
function M.changed(changeset)
  if not view or view.id ~= changeset.changesetId or not is_open() then
    return
  end
  if changeset.state == 'closed' then
    M.close()
    return require('droid.notify').info('the review is done')
  end
  local file = changeset.files[view.file]
  if not file then
    return M.show_file(1)
  end
  draw_bars(file, changeset)
  load_sides()
end

---@param changeset droid.Changeset
---@return string
local function line_of(changeset)
  local pending, total = changes.count(changeset)
  local kind = changeset.kind == 'restore' and 'go back' or changeset.state == 'proposed' and 'wanted' or 'done'
  local title = text.one_line(changeset.title, 60)
  return ('%s — %s, %s, %d of %d to decide'):format(title, kind, text.many(#changeset.files, 'file'), pending, total)
end

--- Review what there is; where there are several changesets, the person picks.
---@param session_id string?
function M.choose(session_id)
  require('droid.client').execute('droid.review.list', { sessionId = session_id }, function(result)
    local open = result.changesets
    for _, one in ipairs(open) do
      changes.take(one)
    end
    if #open == 0 then
      return require('droid.notify').info('there are no changes to review')
    elseif #open == 1 then
      return M.open(open[1].changesetId)
    end
    local newest_first = {}
    for i = #open, 1, -1 do
      newest_first[#newest_first + 1] = open[i]
    end
    vim.ui.select(newest_first, { prompt = 'Review changes', format_item = line_of, kind = 'droid' }, function(one)
      if one then
        M.open(one.changesetId)
      end
    end)
  end)
end

--- Decide about what is shown: here, or in the file under the cursor.
---@param verb 'accept'|'reject'
---@param what 'hunk'|'file'|'all'
function M.decide(verb, what)
  if is_open() and vim.api.nvim_get_current_tabpage() == assert(view).tab then
    return decide(verb, what)
  end
  require('droid.ui.hunks').decide(verb, what)
end

return M
