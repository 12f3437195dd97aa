--- A session as a buffer: turns what the server tells of it into text, marks and folds.

local cards = require('droid.ui.cards')
local config = require('droid.config')
local text = require('droid.text')
local writer_of = require('droid.ui.writer')

local M = {}

local TODO_SIGNS = { completed = '✓', in_progress = '▶', pending = '·' }
local TODO_GROUPS = { completed = 'DroidTodoDone', in_progress = 'DroidTodoNow', pending = 'DroidTodo' }

---@class droid.Transcript
---@field id string the session's
---@field buffer integer
---@field writer droid.Writer
---@field cards table<string, droid.Card>
---@field open 'user'|'agent'|'thought'|'card'|'note'|nil what the last lines are
---@field author 'user'|'agent'|nil whose heading was written last
---@field turns table<string, integer> a turn's id to the mark where it begins
---@field usage table? of the running turn
local Transcript = {}
Transcript.__index = Transcript

---@type table<string, droid.Transcript>
local all = {}

---@param id string
---@return integer
local function make_buffer(id)
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, 'droid://chat/' .. id)
  vim.b[buffer].droid_session = id
  local options = vim.bo[buffer]
  options.buftype, options.bufhidden, options.swapfile = 'nofile', 'hide', false
  options.undolevels = -1
  options.modifiable = false
  return buffer
end

--- The transcript of a session, made when it is first asked for.
---@param id string
---@return droid.Transcript
function M.of(id)
  local known = all[id]
  if known and vim.api.nvim_buf_is_valid(known.buffer) then
    return known
  end
  require('droid.ui.highlight').ensure()
  local buffer = make_buffer(id)
  local transcript = setmetatable({
    id = id,
    buffer = buffer,
    writer = writer_of.new(buffer),
    cards = {},
    changed_cards = {},
    turns = {},
    fence = nil,
    text_line = '',
  }, Transcript)
  all[id] = transcript
  require('droid.ui.chat').prepare(transcript)
  return transcript
end

---@param buffer integer
---@return droid.Transcript?
function M.at(buffer)
  local id = vim.b[buffer].droid_session
  return id and all[id] or nil
end

---@param id string
function M.exists(id)
  return all[id] ~= nil and vim.api.nvim_buf_is_valid(all[id].buffer)
end

---@param id string
function M.drop(id)
  local known = all[id]
  all[id] = nil
  if known and vim.api.nvim_buf_is_valid(known.buffer) then
    vim.api.nvim_buf_delete(known.buffer, { force = true })
  end
end

function Transcript:reset()
  self.writer:clear()
  self.cards, self.changed_cards, self.turns, self.fence = {}, {}, {}, nil
  self.step = nil
  self.open, self.author, self.usage, self.thought, self.text_line = nil, nil, nil, nil, ''
  local session = require('droid.sessions').get(self.id)
  if session then
    session.todos = {}
  end
end

--- Remember an open code block, so that a block which the model left open ends with its text.
---@param piece string
function Transcript:track_fences(piece)
  local whole = self.text_line .. piece
  local lines = vim.split(whole, '\n', { plain = true })
  for i = 1, #lines - 1 do
    self:track_line(lines[i])
  end
  self.text_line = lines[#lines]
end

---@param line string
function Transcript:track_line(line)
  local run = line:match('^ ? ? ?(```+)') or line:match('^ ? ? ?(~~~+)')
  if not run then
    return
  elseif not self.fence then
    self.fence = run
  elseif run:sub(1, 1) == self.fence:sub(1, 1) and #run >= #self.fence and line:match('^%s*[`~]+%s*$') then
    self.fence = nil
  end
end

--- End the block that is being written.
function Transcript:close()
  if self.open == 'agent' then
    self:track_line(self.text_line)
    if self.fence then
      self.writer:block({ self.fence }, false)
    end
  elseif self.open == 'thought' and self.thought and config.get().chat.fold then
    local first = self.writer:row_of(self.thought)
    if first then
      self.writer:fold(first, self.writer.rows - 1)
    end
  end
  self.fence, self.text_line, self.thought, self.open = nil, '', nil, nil
end

--- A heading of ours is marked: one that a model writes does not look like it.
---@param author 'user'|'agent'
function Transcript:heading(author)
  if self.author == author then
    return
  end
  self.author = author
  local row = self.writer:block({ author == 'user' and '## You' or '## Droid', '' }, true)
  local group = author == 'user' and 'DroidUser' or 'DroidAgent'
  self.writer:mark(row, { sign_text = '▌', sign_hl_group = group, line_hl_group = group, priority = 130 })
end

---@param update table
---@param turn_id string?
function Transcript:apply(update, turn_id)
  if not self.looked then
    self.writer:look()
    self.looked = true
  end
  local take = M.takes[update.sessionUpdate]
  if take then
    take(self, update, turn_id)
  end
end

--- Draw what many updates changed once.
function Transcript:flush()
  for card in pairs(self.changed_cards) do
    card:draw(self.writer)
  end
  self.changed_cards = {}
  self:draw_below()
  self.writer:follow()
  self.looked = false
  require('droid.ui.status').changed(self.id)
end

---@param card droid.Card?
function Transcript:touch(card)
  if card then
    card.dirty = true
    self.changed_cards[card] = true
  end
end

---@param kind string
---@param piece string
function Transcript:flow(kind, piece)
  if self.open ~= kind then
    self:close()
    if kind ~= 'user' and not self.step then
      self.step = { before = self.writer.rows > 0 and self.writer:mark(self.writer.rows - 1, {}), author = self.author }
    end
    self:heading(kind == 'user' and 'user' or 'agent')
    piece = piece:gsub('^\n+', '')
    if piece == '' then
      return
    end
    local quoted = kind == 'thought'
    local row = self.writer:block({ quoted and '> ' or '' }, self.writer.last > 0)
    if quoted then
      self.thought = self.writer:mark(row, {})
    end
    self.open = kind
  end
  if kind == 'thought' then
    piece = piece:gsub('\n', '\n> ')
  elseif kind == 'agent' then
    self:track_fences(piece)
  end
  self.writer:text(piece)
end

--- The model is asked again: what had come of its answer is no part of the conversation.
function Transcript:take_back()
  local step = self.step
  self.fence, self.text_line, self.thought, self.step = nil, '', nil, nil
  if step then
    local row = step.before and self.writer:row_of(step.before)
    self.writer:remove(row and row + 1 or 0, self.writer.rows)
    self.author, self.open = step.author, nil
  end
end

--- A line that is about the conversation and not of it.
---@param line string
---@param group string
function Transcript:note(line, group)
  self:close()
  local row = self.writer:block({ text.one_line(line, 600) }, true)
  self.writer:mark(row, { end_row = row + 1, hl_group = group, priority = 120 })
  self.open = 'note'
end

--- The server is gone: nothing runs any more.
function Transcript:went_away()
  self.writer:look()
  for _, card in pairs(self.cards) do
    if card.status == 'in_progress' or card.status == 'pending' or card.waits then
      card.status, card.waits = 'failed', false
      self:touch(card)
    end
  end
  if self.writer.rows > 0 then
    self:note('The server ended; the session goes on when it is there again.', 'DroidWarning')
  end
  self:flush()
end

--- What is shown below the text: things to do, and what is going on.
function Transcript:draw_below()
  local session = require('droid.sessions').get(self.id)
  local lines = {}
  if not session then
    return
  end
  local open = vim.iter(session.todos):any(function(todo)
    return todo.status ~= 'completed'
  end)
  if #session.todos > 0 and (open or session.busy) then
    lines[#lines + 1] = { { 'To do', 'DroidLabel' } }
    for _, todo in ipairs(session.todos) do
      local sign = TODO_SIGNS[todo.status] or '·'
      lines[#lines + 1] = {
        { ('  %s %s'):format(sign, text.one_line(todo.content, 160)), TODO_GROUPS[todo.status] or 'DroidTodo' },
      }
    end
  end
  if session.busy and session.message ~= '' then
    lines[#lines + 1] = { { '… ' .. text.one_line(session.message, 160), 'DroidToolRunning' } }
  end
  self.writer:below(lines)
end

---@type table<string, fun(self: droid.Transcript, update: table, turn_id: string?)>
M.takes = {
  replay_started = function(self)
    self:reset()
    self.replaying = true
  end,
  replay_ended = function(self)
    self.replaying = false
  end,
  turn_started = function(self)
    self:close()
    self.usage = nil
  end,
  user_message_chunk = function(self, update, turn_id)
    local said = update.content.text
    self.step = nil
    self:close()
    self.author = nil
    self:flow('user', said)
    self:close()
    if (update.images or 0) > 0 then
      self:note(('[%s]'):format(text.many(update.images, 'image')), 'DroidHint')
    end
    if turn_id and not self.turns[turn_id] then
      self.turns[turn_id] = self.writer:mark(math.max(0, self.writer.rows - 1), {})
    end
    require('droid.ui.prompt').remember(self.id, said)
  end,
  agent_message_chunk = function(self, update)
    self:flow('agent', update.content.text)
  end,
  agent_thought_chunk = function(self, update)
    self:flow('thought', update.content.text)
  end,
  tool_call = function(self, update)
    if self.cards[update.toolCallId] then
      return
    end
    self.step = nil
    local after_card = self.open == 'card'
    self:close()
    self:heading('agent')
    local card = cards.new(self.writer, update, not after_card)
    self.cards[update.toolCallId] = card
    self.open = 'card'
    self:touch(card)
  end,
  tool_call_update = function(self, update)
    local card = self.cards[update.toolCallId]
    if card then
      card:update(self.writer, update, config.get().chat)
      self:touch(card)
    end
  end,
  decision = function(self, update)
    local card = self.cards[update.toolCallId]
    -- What was decided after the person's answer only repeats it.
    if card and not card.answer then
      card.decision = update
      self:touch(card)
    end
  end,
  approval_wanted = function(self, update)
    local card = self.cards[update.toolCallId]
    if card then
      card.waits, card.approval = true, update.approvalId
      self:touch(card)
    end
  end,
  approval_answered = function(self, update)
    for _, card in pairs(self.cards) do
      if card.approval == update.approvalId then
        card.waits = false
        card.answer = update.answer or 'withdrawn'
        card.instruction = update.instruction
        self:touch(card)
      end
    end
  end,
  question_asked = function(self, update)
    self:note('Droid asks: ' .. (update.text or 'something'), 'DroidWarning')
  end,
  question_answered = function(self, update)
    if update.answer then
      self:note('You answered: ' .. update.answer, 'DroidHint')
    end
  end,
  usage = function(self, update)
    self.step = nil
    local sum = self.usage or { input = 0, output = 0, cached = 0 }
    sum.input = sum.input + update.inputTokens
    sum.output = sum.output + update.outputTokens
    sum.cached = sum.cached + (update.cacheReadTokens or 0)
    sum.context, sum.window = update.contextTokens, update.contextWindow
    self.usage = sum
  end,
  retry = function(self, update)
    self:take_back()
    local said = ('%s; tries again in %.0f s (attempt %d)'):format(update.reason, update.delayS, update.attempt)
    self:note(said, 'DroidWarning')
  end,
  warning = function(self, update)
    self:note('⚠ ' .. update.message, 'DroidWarning')
  end,
  compacted = function(self)
    self:note('Older messages were summarised, to make room.', 'DroidHint')
  end,
  undone = function(self, update)
    local said = 'Undone: ' .. table.concat(update.paths, ', ')
    if #update.conflicts > 0 then
      said = ('%s; left as they are, because somebody changed them: %s'):format(
        said,
        table.concat(update.conflicts, ', ')
      )
    end
    self:note(said, #update.conflicts > 0 and 'DroidWarning' or 'DroidHint')
  end,
  rewound = function(self)
    self:note(
      'The conversation goes on from before this turn; what follows it above is no longer part of it.',
      'DroidHint'
    )
  end,
  session_info_update = function(self, update)
    if self.replaying or self.writer.rows == 0 then
      return
    elseif update.model then
      self:note('Model: ' .. update.model, 'DroidHint')
    elseif update.autonomy then
      self:note('Autonomy: ' .. update.autonomy, 'DroidHint')
    end
  end,
  turn_ended = function(self, update)
    self:close()
    self.step = nil
    if update.reason ~= 'done' then
      local said = update.reason == 'cancelled' and 'Cancelled'
        or (update.message ~= '' and update.message or update.reason)
      self:note(said, update.reason == 'cancelled' and 'DroidHint' or 'DroidError')
      self:close()
    end
    self:usage_line(update)
    self.author, self.usage = nil, nil
  end,
}

--- What a turn took, below its last line.
---@param ended droid.TurnEndedUpdate
function Transcript:usage_line(ended)
  local parts = {}
  local usage = self.usage
  if usage then
    parts[#parts + 1] = ('%s in'):format(text.count(usage.input))
    parts[#parts + 1] = ('%s out'):format(text.count(usage.output))
    if usage.cached > 0 then
      parts[#parts + 1] = ('%s cached'):format(text.count(usage.cached))
    end
    if usage.context and usage.window and usage.window > 0 then
      parts[#parts + 1] = ('window %d %%'):format(math.floor(usage.context / usage.window * 100 + 0.5))
    end
  end
  if ended.costUsd then
    parts[#parts + 1] = ('$%.4f'):format(ended.costUsd):gsub('00$', '')
  end
  parts[#parts + 1] = ('%.1f s'):format(ended.durationS or 0)
  local row = math.max(0, self.writer.rows - 1)
  self.writer:mark(row, { virt_lines = { { { table.concat(parts, ' · '), 'DroidUsage' } } } })
end

return M
