--- Takes `droid/sessionUpdate` apart, at most once a frame: what several messages say of a session is drawn
--- together, so that a fast model never holds the keys up.

local M = {}

local FRAME_MS = 16
-- What is left of a frame for typing: a long replay is drawn in several.
local BUDGET_NS = 6e6

---@type { session_id: string, turn_id: string?, update: table, client_id: integer }[]
local queue, head = {}, 1
local timer ---@type uv.uv_timer_t?

local function drain()
  local began = vim.uv.hrtime()
  local touched = {}
  while queue[head] do
    local one = queue[head]
    queue[head] = nil
    head = head + 1
    local transcript = require('droid.ui.transcript').of(one.session_id)
    local ok, problem = pcall(transcript.apply, transcript, one.update, one.turn_id)
    if not ok then
      require('droid.notify').error('an update could not be shown: ' .. tostring(problem))
    end
    touched[transcript] = true
    if vim.uv.hrtime() - began > BUDGET_NS then
      break
    end
  end
  for transcript in pairs(touched) do
    transcript:flush()
  end
  if queue[head] then
    M.schedule()
  else
    queue, head = {}, 1
  end
end

function M.schedule()
  timer = timer or assert(vim.uv.new_timer())
  if not timer:is_active() then
    timer:start(FRAME_MS, 0, vim.schedule_wrap(drain))
  end
end

---@param params table
---@param client_id integer
function M.take(params, client_id)
  local session = require('droid.sessions').known(params.sessionId, client_id)
  M.note(session, params.update, params.turnId)
  queue[#queue + 1] = {
    session_id = params.sessionId,
    turn_id = params.turnId,
    update = params.update,
    client_id = client_id,
  }
  M.schedule()
end

--- Whether all that came is drawn.
---@return boolean
function M.is_idle()
  return queue[head] == nil
end

--- What must not wait for the next frame: questions that closed, the state of the session.
---@param session droid.Session
---@param update table
---@param turn_id string?
function M.note(session, update, turn_id)
  local kind = update.sessionUpdate
  if kind == 'approval_answered' then
    require('droid.ui.question').close(update.approvalId)
  elseif kind == 'question_answered' then
    require('droid.ui.question').close(update.questionId)
  elseif kind == 'session_info_update' then
    session.title = update.title or session.title
    session.model = update.model or session.model
    session.autonomy = update.autonomy or session.autonomy
  elseif kind == 'plan' then
    session.todos = update.entries
  elseif kind == 'usage' then
    session.cost_usd = update.totalCostUsd or session.cost_usd
    session.context_tokens = update.contextTokens or session.context_tokens
    session.context_window = update.contextWindow or session.context_window
  elseif kind == 'turn_started' then
    session.turn_id = turn_id
    if not session.replaying then
      require('droid.events').emit('DroidTurnStart', { sessionId = session.id, turnId = turn_id })
    end
  elseif kind == 'turn_ended' then
    session.turn_id, session.busy, session.kind, session.message = nil, false, 'idle', ''
    if not session.replaying then
      require('droid.events').emit('DroidTurnEnd', {
        sessionId = session.id,
        turnId = turn_id,
        reason = update.reason,
        message = update.message,
        costUsd = update.costUsd,
        durationS = update.durationS,
      })
      M.reload_files()
    end
  elseif kind == 'replay_started' then
    session.replaying = true
  elseif kind == 'replay_ended' then
    session.replaying = nil
  end
end

--- A turn may have changed files on disk: buffers without unsaved changes are read again.
function M.reload_files()
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local is_file = vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].buftype == ''
    if is_file and not vim.bo[buffer].modified and vim.api.nvim_buf_get_name(buffer) ~= '' then
      pcall(vim.cmd, ('silent! checktime %d'):format(buffer))
    end
  end
end

return M
