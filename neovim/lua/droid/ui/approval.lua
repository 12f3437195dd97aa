--- `droid/requestApproval`: all of what a tool wants to do, why it is asked about, and what can be answered.

local config = require('droid.config')
local page_of = require('droid.ui.page')
local question = require('droid.ui.question')
local text = require('droid.text')

local M = {}

local RISKS = { low = 'DroidRiskLow', medium = 'DroidRiskMedium', high = 'DroidRiskHigh' }
local ORDER = { 'once', 'session', 'session_program', 'always', 'reject', 'instruct' }

---@class droid.Approval
---@field params droid.RequestApprovalParams
---@field refused table<string, boolean> hunks that are not to be written
---@field hunk_lines { line: integer, id: string }[]
---@field file_lines integer[]

---@param params droid.RequestApprovalParams
---@param answer string
---@return string
local function title_of(params, answer)
  return ({
    once = 'Approve once',
    session = 'Approve for this session' .. (params.sessionGrant and ': ' .. params.sessionGrant or ''),
    session_program = ('Approve %s for this session'):format(params.sessionProgram or 'this program'),
    always = 'Always allow ' .. (params.always or 'this'),
    reject = 'Reject',
    instruct = 'Reject and instruct',
  })[answer]
end

---@param params droid.RequestApprovalParams
---@param answer string
---@return string
local function short_title_of(params, answer)
  if answer == 'session_program' then
    return ('%s this session'):format(text.one_line(params.sessionProgram or 'this program', 20))
  end
  return ({
    once = 'Approve once',
    session = 'for this session',
    always = 'Always',
    reject = 'Reject',
    instruct = 'Reject and instruct',
  })[answer]
end

---@param state droid.Approval
---@param page droid.Page
---@param file droid.ChangedFile
local function draw_file(state, page, file)
  page:gap()
  local many = #file.hunks > 0 and text.many(#file.hunks, 'hunk') or file.binary and 'binary' or 'no hunks'
  state.file_lines[#state.file_lines + 1] = page:add(
    { file.path, 'DroidFile' },
    { (' — %s, %s'):format(file.kind, many), 'DroidHint' }
  )
  for _, hunk in ipairs(file.hunks) do
    local taken = not state.refused[hunk.hunkId]
    local header = ('@@ -%d,%d +%d,%d @@'):format(hunk.oldStart, hunk.oldLines, hunk.newStart, hunk.newLines)
    local line = page:add({ taken and '[x] ' or '[ ] ', 'DroidKey' }, { header, 'DroidHunk' })
    state.hunk_lines[#state.hunk_lines + 1] = { line = line, id = hunk.hunkId }
    for _, one in ipairs(hunk.lines) do
      page:diff_line(one)
    end
    if hunk.leftOut then
      -- What is approved is all of it, so it must not look as if this were.
      local more = text.many(hunk.leftOut, 'more line')
      page:add({ more .. ' of this hunk: not shown here, review changes', 'DroidHint' })
    end
  end
end

---@param state droid.Approval
---@return droid.Page
local function draw(state)
  local params, page = state.params, page_of.new()
  state.hunk_lines, state.file_lines = {}, {}
  page:field('Tool', params.tool)
  page:field('Risk', params.risk, RISKS[params.risk])
  page:field('Why', params.reason)
  page:field('Folder', params.cwd)
  page:gap()
  page:add({ params.tool == 'Execute' and 'Command' or 'What', 'DroidLabel' })
  page:text(params.subject, 'DroidPayload', '  ')
  local changeset = params.changeset
  if type(changeset) == 'table' and changeset.files then
    page:gap()
    page:add({ text.many(#changeset.files, 'file'), 'DroidLabel' })
    for _, file in ipairs(changeset.files) do
      draw_file(state, page, file)
    end
  elseif params.diff then
    page:gap()
    page:add({ 'Change', 'DroidLabel' })
    for _, line in ipairs(text.exact_lines(params.diff)) do
      if line:find('^%-%-%- ') or line:find('^%+%+%+ ') then
        state.file_lines[#state.file_lines + 1] = page:add({ line, 'DroidFile' })
      else
        page:diff_line(line)
      end
    end
  end
  if params.trace and #params.trace > 0 then
    page:gap()
    local silent = 0
    page:add({ 'What the gate said', 'DroidLabel' })
    for _, row in ipairs(params.trace) do
      if row.verdict then
        page:add('  ', require('droid.ui.cards').trace_line(row):sub(3))
      else
        silent = silent + 1
      end
    end
    if silent > 0 then
      page:add({ ('  %s had nothing to say'):format(text.many(silent, 'other step')), 'DroidHint' })
    end
  end
  page:gap()
  page:add({ 'Answers', 'DroidLabel' })
  local keys = config.get().approval.keys
  for _, answer in ipairs(ORDER) do
    if vim.list_contains(params.options, answer) and keys[answer] then
      page:add({ ('  %-3s '):format(keys[answer]), 'DroidKey' }, title_of(params, answer))
    end
  end
  if #state.hunk_lines > 0 then
    page:add({ ('  %-3s '):format(keys.toggle_hunk or ''), 'DroidKey' }, 'Take the hunk under the cursor in or out')
    page:add({ ('  %-3s '):format(keys.review or ''), 'DroidKey' }, 'Review changes side by side')
  end
  page:add({ ('  %-3s '):format(keys.leave or 'q'), 'DroidKey' }, 'Leave it unanswered')
  return page
end

---@param state droid.Approval
---@return string[]? hunks that are taken; nil for all
---@return boolean none
local function taken(state)
  local accepted, all = {}, true
  for _, file in ipairs(type(state.params.changeset) == 'table' and state.params.changeset.files or {}) do
    for _, hunk in ipairs(file.hunks) do
      if state.refused[hunk.hunkId] then
        all = false
      else
        accepted[#accepted + 1] = hunk.hunkId
      end
    end
  end
  return not all and accepted or nil, not all and #accepted == 0
end

---@param state droid.Approval
---@param answer string
local function give(state, answer)
  local id = state.params.approvalId
  local accepted, none = taken(state)
  if answer == 'instruct' then
    vim.ui.input({ prompt = 'What should Droid do instead? ' }, function(said)
      if said and vim.trim(said) ~= '' then
        question.settle(id, { answer = 'instruct', instruction = said })
      end
    end)
  elseif answer == 'reject' then
    question.settle(id, { answer = 'reject' })
  elseif none then
    require('droid.notify').info('no hunk is taken; reject it instead')
  elseif accepted and answer ~= 'once' then
    require('droid.notify').info('some hunks are left out, which only “Approve once” can do')
  else
    question.settle(id, { answer = answer, acceptedHunks = accepted })
  end
end

---@param state droid.Approval
local function toggle(state)
  local line, hunk = vim.api.nvim_win_get_cursor(0)[1], nil
  for _, one in ipairs(state.hunk_lines) do
    if one.line <= line then
      hunk = one
    end
  end
  if hunk then
    state.refused[hunk.id] = not state.refused[hunk.id] or nil
    question.redraw()
  end
end

---@param lines integer[]
---@param step integer
local function jump(lines, step)
  local here, target = vim.api.nvim_win_get_cursor(0)[1], nil
  for _, line in ipairs(lines) do
    if step > 0 and line > here then
      target = target or line
    elseif step < 0 and line < here then
      target = line
    end
  end
  if target then
    vim.api.nvim_win_set_cursor(0, { target, 0 })
    vim.cmd('normal! zt')
  end
end

---@param state droid.Approval
---@return droid.Action[]
local function actions(state)
  local keys, list = config.get().approval.keys, {}
  local function offer(name, about, run)
    if keys[name] then
      list[#list + 1] = { key = keys[name], about = about, run = run }
    end
  end
  for _, answer in ipairs(ORDER) do
    if vim.list_contains(state.params.options, answer) then
      offer(answer, short_title_of(state.params, answer), function()
        give(state, answer)
      end)
    end
  end
  local changeset = state.params.changeset
  if type(changeset) == 'table' and changeset.changesetId then
    offer('toggle_hunk', 'hunk in or out', function()
      toggle(state)
    end)
    offer('review', 'Review changes', function()
      require('droid.changes').take(changeset)
      require('droid.ui.review').open(changeset.changesetId)
    end)
    offer('next_hunk', 'next hunk', function()
      jump(
        vim.tbl_map(function(one)
          return one.line
        end, state.hunk_lines),
        1
      )
    end)
    offer('previous_hunk', 'previous hunk', function()
      jump(
        vim.tbl_map(function(one)
          return one.line
        end, state.hunk_lines),
        -1
      )
    end)
  end
  if type(changeset) == 'table' or state.params.diff then
    offer('next_file', 'next file', function()
      jump(state.file_lines, 1)
    end)
    offer('previous_file', 'previous file', function()
      jump(state.file_lines, -1)
    end)
  end
  return list
end

---@param params droid.RequestApprovalParams
---@param client_id integer
---@param answer fun(result: any, withdrawn: boolean?)
function M.ask(params, client_id, answer)
  ---@type droid.Approval
  local state = { params = params, refused = {}, hunk_lines = {}, file_lines = {} }
  question.add({
    id = params.approvalId,
    client_id = client_id,
    session_id = params.sessionId,
    title = ('Approval wanted: %s, %s risk'):format(params.tool, params.risk),
    group = RISKS[params.risk] or 'DroidTitle',
    summary = params.subject,
    draw = function()
      return draw(state)
    end,
    actions = function()
      return actions(state)
    end,
    answer = answer,
  })
end

return M
