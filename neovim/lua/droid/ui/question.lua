--- What waits for the person: a queue, and one float that shows the first of it.
---
--- The float opens without the focus, whatever the person does. Only a command or a mapping goes into it, and
--- only there a key answers; none of them is a default. What is withdrawn closes.

local config = require('droid.config')
local text = require('droid.text')

local M = {}

---@class droid.Action
---@field key string
---@field about string
---@field run fun()

---@class droid.Question
---@field id string
---@field client_id integer
---@field session_id string?
---@field nameless boolean? the server has no id for it
---@field title string
---@field group string highlight of its title
---@field summary string what it is about, in a few words
---@field draw fun(): droid.Page
---@field actions fun(): droid.Action[]
---@field answer fun(result: any, withdrawn: boolean?)

---@type droid.Question[]
local queue = {}
---@type { window: integer, buffer: integer, question: droid.Question, previous: integer? }?
local shown
local expected_until = 0
local namespace = vim.api.nvim_create_namespace('droid.question')

---@return integer
function M.count()
  return #queue
end

---@return droid.Question?
function M.first()
  return queue[1]
end

---@return integer?
function M.window()
  return shown and vim.api.nvim_win_is_valid(shown.window) and shown.window or nil
end

---@return boolean
local function is_focused()
  return M.window() == vim.api.nvim_get_current_win()
end

--- Where the float does not cover what the person looks at: in the half that the cursor is not in.
---@return boolean top
local function goes_to_top()
  local position = config.get().approval.position
  if position == 'auto' then
    local window = vim.api.nvim_get_current_win()
    local row = vim.api.nvim_win_get_position(window)[1] + vim.fn.winline()
    return row > vim.o.lines / 2
  end
  return position == 'top-right'
end

---@param lines string[]
---@param width integer
---@return integer
local function height_of(lines, width)
  local height = 0
  for _, line in ipairs(lines) do
    height = height + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  return height
end

---@param question droid.Question
---@param focused boolean
---@param width integer
---@return table[]
local function footer_of(question, focused, width)
  if not focused then
    return { { ' :Droid approvals', 'DroidKey' }, { ' to answer ', 'DroidBorder' } }
  end
  local chunks, used = {}, 0
  for _, action in ipairs(question.actions()) do
    local piece = (' %s %s '):format(action.key, action.about)
    used = used + vim.fn.strdisplaywidth(piece)
    if used > width then
      break
    end
    chunks[#chunks + 1] = { ' ' .. action.key, 'DroidKey' }
    chunks[#chunks + 1] = { (' %s '):format(action.about), 'DroidBorder' }
  end
  return chunks
end

---@param question droid.Question
---@param lines string[]
---@param focused boolean
---@return vim.api.keyset.win_config
local function layout(question, lines, focused)
  local options = config.get().approval
  local room = vim.o.columns - 4
  local wanted = options.width < 1 and math.floor(vim.o.columns * options.width) or options.width
  local width =
    math.min(room, math.max(math.min(72, room), focused and math.max(wanted, math.min(room, 100)) or wanted))
  local rows = vim.o.lines - vim.o.cmdheight - 4
  local most = focused and math.floor(rows * 0.85) or math.max(5, math.floor(rows * 0.4))
  local whole = height_of(lines, width)
  local window = M.window()
  if window and vim.api.nvim_win_get_width(window) == width then
    whole = vim.api.nvim_win_text_height(window, {}).all
  end
  local height = math.max(1, math.min(whole, most))
  local top = goes_to_top()
  if shown and shown.top ~= nil then
    top = shown.top
  end
  local count = #queue > 1 and (' 1 of %d'):format(#queue) or ''
  local more = whole > height and not focused and (' · %d more lines below'):format(whole - height) or ''
  local centred = options.position == 'center'
  return {
    relative = 'editor',
    anchor = centred and 'NW' or top and 'NE' or 'SE',
    row = centred and math.floor((rows - height) / 2)
      or top and (vim.o.showtabline > 0 and 1 or 0)
      or vim.o.lines - vim.o.cmdheight - 1,
    col = centred and math.floor((vim.o.columns - width) / 2) or vim.o.columns,
    width = width,
    height = height,
    border = vim.o.winborder ~= '' and vim.o.winborder or 'rounded',
    title = { { (' %s%s '):format(question.title, count), question.group }, { more, 'DroidBorder' } },
    footer = footer_of(question, focused, width),
    footer_pos = 'left',
    zindex = 60,
    focusable = true,
  },
    top
end

---@param question droid.Question
local function map_keys(question)
  local buffer = assert(shown).buffer
  for _, action in ipairs(question.actions()) do
    vim.keymap.set('n', action.key, action.run, { buffer = buffer, nowait = true, desc = 'Droid: ' .. action.about })
  end
  local keys = config.get().approval.keys
  for _, key in ipairs({ keys.leave or 'q', '<Esc>' }) do
    vim.keymap.set('n', key, M.leave, { buffer = buffer, nowait = true, desc = 'Droid: leave it unanswered' })
  end
end

--- Draw the shown question again: what it offers changed, or the focus.
function M.redraw()
  local window = M.window()
  if not shown or not window then
    return
  end
  local page = shown.question.draw()
  local view = is_focused() and vim.fn.winsaveview() or nil
  page:draw(shown.buffer, namespace)
  local options = layout(shown.question, page.lines, is_focused())
  vim.api.nvim_win_set_config(window, options)
  if view then
    vim.fn.winrestview(view)
  end
end

local function hide()
  if not shown then
    return
  end
  local was = shown
  shown = nil
  if vim.api.nvim_win_is_valid(was.window) then
    local back = was.previous
    local focused = vim.api.nvim_get_current_win() == was.window
    if focused and back and vim.api.nvim_win_is_valid(back) then
      vim.api.nvim_set_current_win(back)
    end
    vim.api.nvim_win_close(was.window, true)
  end
  if vim.api.nvim_buf_is_valid(was.buffer) then
    vim.api.nvim_buf_delete(was.buffer, { force = true })
  end
end

--- Show the first question, without the focus.
local function show()
  local question = queue[1]
  if not question or (shown and shown.question == question and M.window()) then
    return
  end
  hide()
  require('droid.ui.highlight').ensure()
  local page = question.draw()
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.bo[buffer].bufhidden = 'wipe'
  vim.bo[buffer].filetype = 'droid-question'
  local options, top = layout(question, page.lines, false)
  options.noautocmd = true
  options.style = 'minimal'
  local window = vim.api.nvim_open_win(buffer, false, options)
  shown = { window = window, buffer = buffer, question = question, top = top }
  local function set(name, value)
    vim.api.nvim_set_option_value(name, value, { win = window, scope = 'local' })
  end
  set('wrap', true)
  set('linebreak', true)
  set('winhighlight', 'NormalFloat:DroidFloat,FloatBorder:DroidBorder,FloatTitle:DroidTitle')
  page:draw(buffer, namespace)
  M.redraw()
  map_keys(question)
  vim.api.nvim_create_autocmd({ 'WinEnter', 'WinLeave' }, {
    buffer = buffer,
    callback = function(event)
      if event.event == 'WinEnter' and shown and not shown.previous then
        local before = vim.fn.win_getid(vim.fn.winnr('#'))
        shown.previous = before ~= shown.window and before or nil
      end
      vim.schedule(M.redraw)
    end,
  })
  vim.api.nvim_create_autocmd('WinClosed', {
    buffer = buffer,
    callback = function()
      -- Closed by hand is not answered: it waits, and `:Droid approvals` shows it again.
      if shown and shown.buffer == buffer then
        shown = nil
      end
    end,
  })
  vim.cmd('redraw')
end

local function changed()
  show()
  require('droid.ui.status').changed(queue[1] and queue[1].session_id or '')
end

--- A verb was run that the server may ask about: its question may take the focus when it comes.
function M.expect()
  expected_until = vim.uv.now() + 5000
end

--- Put a question to the person.
---@param question droid.Question
function M.add(question)
  queue[#queue + 1] = question
  local is_expected = vim.uv.now() < expected_until and vim.fn.mode() == 'n'
  expected_until = 0
  changed()
  if is_expected and #queue == 1 then
    return M.enter()
  end
  if config.get().approval.notify then
    local about = text.one_line(question.summary, 60)
    require('droid.notify').info((':Droid approvals — %s: %s'):format(question.title, about))
  end
  require('droid.events').emit('DroidApproval', {
    id = question.id,
    sessionId = question.session_id,
    title = question.title,
    summary = question.summary,
  })
end

--- Go into the float of what waits; only there a key answers.
function M.enter()
  if #queue == 0 then
    return require('droid.notify').info('nothing waits for an answer')
  end
  show()
  local window = M.window()
  if shown and window and not is_focused() then
    shown.previous = vim.api.nvim_get_current_win()
    vim.cmd('stopinsert')
    vim.api.nvim_set_current_win(window)
    vim.api.nvim_win_set_cursor(window, { 1, 0 })
    M.redraw()
  end
end

--- Back to where the person was; the question stays open.
function M.leave()
  local back = shown and shown.previous
  if back and vim.api.nvim_win_is_valid(back) then
    vim.api.nvim_set_current_win(back)
  else
    vim.cmd('wincmd p')
  end
end

--- Take a question out of the queue, with an answer or without one.
---@param id string
---@param result any
---@param withdrawn boolean?
local function finish(id, result, withdrawn)
  for i, question in ipairs(queue) do
    if question.id == id then
      table.remove(queue, i)
      if shown and shown.question == question then
        hide()
      end
      question.answer(result, withdrawn)
      require('droid.events').emit('DroidApprovalDone', {
        id = id,
        sessionId = question.session_id,
        answer = type(result) == 'table' and (result.answer or result.title) or nil,
      })
      changed()
      return
    end
  end
end

--- The person answered.
---@param id string
---@param result any
function M.settle(id, result)
  local question = M.of(id)
  if question then
    require('droid.client').flush(vim.lsp.get_client_by_id(question.client_id))
  end
  finish(id, result)
end

--- It was answered elsewhere, or withdrawn.
---@param id string
function M.close(id)
  finish(id, nil, true)
end

--- The server withdraws a question that has no id: it has one open at a time, so it is that one. Those that
--- have an id are closed by the update that names it.
---@param client_id integer
function M.withdraw_of(client_id)
  for _, question in ipairs(queue) do
    if question.client_id == client_id and question.nameless then
      return M.close(question.id)
    end
  end
end

--- Nobody waits for these answers any more.
---@param client_id integer
function M.client_ended(client_id)
  queue = vim.tbl_filter(function(question)
    return question.client_id ~= client_id
  end, queue)
  if shown and shown.question.client_id == client_id then
    hide()
  end
  changed()
end

---@param id string
---@return droid.Question?
function M.of(id)
  for _, question in ipairs(queue) do
    if question.id == id then
      return question
    end
  end
end

return M
