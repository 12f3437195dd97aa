--- What a session does, in a line: for the status line, and for the bar above a conversation.

local text = require('droid.text')

local M = {}

local SIGNS = {
  thinking = '…',
  writing = '✎',
  tool = '▶',
  retry = '↻',
  waiting = '?',
  idle = '○',
  gone = '✗',
}

---@param session droid.Session
---@return string
local function doing(session)
  local sign = SIGNS[session.kind] or '…'
  if session.kind == 'gone' then
    return sign .. ' no server'
  elseif not session.busy then
    return SIGNS.idle .. ' idle'
  end
  return ('%s %s'):format(sign, session.message ~= '' and text.one_line(session.message, 40) or session.kind)
end

---@param value string
---@return string
local function literal(value)
  return (value:gsub('%%', '%%%%'))
end

--- The current session in a few words, and what waits for an answer.
---@return string
function M.line()
  local session = require('droid.sessions').current()
  if not session then
    return ''
  end
  local parts = { 'Droid ' .. doing(session) }
  local waiting = require('droid').waiting()
  if waiting > 0 then
    parts[#parts + 1] = text.many(waiting, 'question') .. ': :Droid approvals'
  end
  if session.autonomy ~= '' then
    parts[#parts + 1] = session.autonomy
  end
  if session.model ~= '' then
    parts[#parts + 1] = (session.model:gsub('^custom:', ''))
  end
  if session.cost_usd then
    parts[#parts + 1] = ('$%.2f'):format(session.cost_usd)
  end
  return literal(table.concat(parts, ' · '))
end

--- The bar above a conversation, of the window that is being drawn.
---@return string
function M.winbar()
  local window = vim.api.nvim_get_current_win()
  local id = vim.b[vim.api.nvim_win_get_buf(window)].droid_session
  local session = require('droid.sessions').get(id)
  if not session then
    return ''
  end
  local parts = {}
  local done = #vim.tbl_filter(function(todo)
    return todo.status == 'completed'
  end, session.todos)
  if #session.todos > 0 then
    parts[#parts + 1] = ('%d/%d done'):format(done, #session.todos)
  end
  if session.cost_usd then
    parts[#parts + 1] = ('$%.2f'):format(session.cost_usd)
  end
  if session.context_tokens and (session.context_window or 0) > 0 then
    parts[#parts + 1] = ('%.0f %%'):format(math.max(1, session.context_tokens / session.context_window * 100))
  end
  if session.autonomy ~= '' then
    parts[#parts + 1] = session.autonomy
  end
  local width = vim.api.nvim_win_get_width(window)
  if session.model ~= '' and width >= 70 then
    parts[#parts + 1] = (session.model:gsub('^custom:', ''))
  end
  local right = literal(table.concat(parts, ' · '))
  local room = width - vim.fn.strdisplaywidth(right) - 4
  local title = session.title ~= '' and session.title or 'New session'
  local left = ('%s %s'):format(
    SIGNS[session.busy and session.kind or session.kind == 'gone' and 'gone' or 'idle'] or '…',
    title
  )
  return (' %s%%<%%=%s '):format(literal(text.one_line(left, math.max(8, room))), right)
end

local due = false

--- Something that is shown of a session changed.
---@param id string
function M.changed(id)
  local transcript = package.loaded['droid.ui.transcript']
  if transcript and transcript.exists(id) then
    transcript.of(id):draw_below()
  end
  if due then
    return
  end
  due = true
  vim.schedule(function()
    due = false
    vim.cmd('redrawstatus!')
  end)
end

return M
