--- A tool call in a conversation: a line that says what it is, its state beside it, what the gate decided
--- below it, and what it left behind, folded.

local text = require('droid.text')

local M = {}

local LIVE_LINES = 4
local SIGNS = {
  pending = { '○', 'DroidHint' },
  in_progress = { '◐', 'DroidToolRunning' },
  completed = { '●', 'DroidToolDone' },
  failed = { '✗', 'DroidToolFailed' },
}
local RISKS = { low = 'DroidRiskLow', medium = 'DroidRiskMedium', high = 'DroidRiskHigh' }
local ANSWERS = {
  once = 'approved once',
  session = 'approved for this session',
  session_program = 'approved for this session',
  always = 'always allowed',
  reject = 'rejected',
  instruct = 'rejected, with an instruction',
}

---@class droid.Card
---@field id string
---@field tool string
---@field title string
---@field kind string
---@field status string
---@field header integer extmark on its line
---@field tail integer extmark on its last line
---@field live string[] the last lines of what it prints
---@field partial string
---@field decision table?
---@field answer string?
---@field waits boolean?
---@field duration number?
---@field input table?
---@field shown table<string, boolean> kinds of content that are in the buffer
---@field dirty boolean
local Card = {}
Card.__index = Card

---@param writer droid.Writer
---@param update droid.ToolCallStarted
---@param apart boolean an empty line comes before it
---@return droid.Card
function M.new(writer, update, apart)
  local title = text.one_line(update.title ~= '' and update.title or update.tool, 400)
  local row = writer:block({ '  ' .. title }, apart)
  local card = setmetatable({
    id = update.toolCallId,
    tool = update.tool,
    title = title,
    kind = update.kind,
    status = update.status or 'pending',
    input = update.rawInput,
    live = {},
    partial = '',
    shown = {},
    dirty = true,
  }, Card)
  card.header = writer:mark(row, { end_row = row + 1, hl_group = 'DroidTool', hl_eol = false, priority = 110 })
  card.state = writer:mark(row, {})
  card.below = writer:mark(row, {})
  card.tail = writer:mark(row, {})
  return card
end

---@param piece string
function Card:print(piece)
  local lines = text.output_lines(self.partial .. piece)
  self.partial = piece:find('\n$') and '' or lines[#lines]
  for i, line in ipairs(lines) do
    if i == 1 and self.open_line and #self.live > 0 then
      self.live[#self.live] = line
    else
      self.live[#self.live + 1] = line
    end
  end
  self.open_line = self.partial ~= ''
  while #self.live > LIVE_LINES do
    table.remove(self.live, 1)
  end
  self.dirty = true
end

---@return table[] chunks at the end of the header
function Card:beside()
  local chunks = {}
  if self.waits then
    chunks[#chunks + 1] = { '  waits for your approval', 'DroidWarning' }
  elseif self.status == 'failed' then
    chunks[#chunks + 1] = { self.answer and '' or '  failed', 'DroidToolFailed' }
  elseif self.status == 'in_progress' then
    chunks[#chunks + 1] = { '  running', 'DroidToolRunning' }
  end
  if self.duration and self.duration >= 0.95 then
    chunks[#chunks + 1] = { ('  %.1f s'):format(self.duration), 'DroidUsage' }
  end
  if self.answer then
    local hl = self.answer:find('re?j') == 1 and 'DroidToolFailed' or 'DroidWhy'
    chunks[#chunks + 1] = { '  ' .. (ANSWERS[self.answer] or 'withdrawn'), hl }
  elseif self.decision and not self.waits then
    local verdict = self.decision.verdict == 'deny' and 'denied'
      or self.decision.verdict == 'ask' and 'asks'
      or 'allowed'
    chunks[#chunks + 1] = { '  ' .. verdict, self.decision.verdict == 'deny' and 'DroidToolFailed' or 'DroidWhy' }
  end
  if self.decision and self.decision.risk then
    chunks[#chunks + 1] = { (' · %s risk'):format(self.decision.risk), RISKS[self.decision.risk] or 'DroidWhy' }
  end
  return chunks
end

---@return table[][] lines below the header
function Card:below_lines()
  local lines = {}
  if self.decision and self.decision.verdict ~= 'allow' and not self.answer and (self.decision.reason or '') ~= '' then
    lines[#lines + 1] = { { '    why: ' .. text.one_line(self.decision.reason, 240), 'DroidWhy' } }
  end
  if self.status == 'in_progress' then
    for _, line in ipairs(self.live) do
      lines[#lines + 1] = { { '    │ ' .. text.one_line(line, 200), 'DroidOutput' } }
    end
  end
  return lines
end

--- Draw what changed beside and below the header.
---@param writer droid.Writer
function Card:draw(writer)
  if not self.dirty then
    return
  end
  self.dirty = false
  local row = writer:row_of(self.header)
  if not row then
    return
  end
  local sign = SIGNS[self.status] or SIGNS.pending
  writer:mark(row, { id = self.state, virt_text = { sign }, virt_text_pos = 'overlay', hl_mode = 'combine' })
  local lines = self:below_lines()
  writer:mark(row, {
    id = self.below,
    virt_text = self:beside(),
    virt_text_pos = 'eol',
    hl_mode = 'combine',
    virt_lines = #lines > 0 and lines or nil,
  })
end

---@param lines string[]
---@param language string
---@return string[]
local function fenced(lines, language)
  local longest = 2
  for _, line in ipairs(lines) do
    for run in line:gmatch('`+') do
      longest = math.max(longest, #run)
    end
  end
  local fence = ('`'):rep(longest + 1)
  local block = { fence .. language }
  vim.list_extend(block, lines)
  block[#block + 1] = fence
  return block
end

--- Put what a call left behind below its line.
---@param writer droid.Writer
---@param lines string[]
---@param language string
---@param fold_above integer more lines than this are folded
function Card:add(writer, lines, language, fold_above)
  local row = writer:row_of(self.tail)
  if not row then
    return
  end
  local block = fenced(lines, language)
  writer:insert_below(row, block)
  local first, last = row + 1, row + #block
  writer:mark(last, { id = self.tail })
  if language == 'diff' then
    for i, line in ipairs(lines) do
      local hl = line:find('^%+') and 'DroidAdded'
        or line:find('^%-') and 'DroidRemoved'
        or line:find('^@@') and 'DroidHunk'
      if hl then
        writer:mark(first + i, { end_row = first + i + 1, hl_group = hl, priority = 120 })
      end
    end
  end
  if #lines > fold_above then
    writer:fold(first, last)
  end
end

--- Take what the server says of how the call goes on.
---@param writer droid.Writer
---@param update droid.ToolCallUpdate
---@param options { fold: boolean, output_lines: integer }
function Card:update(writer, update, options)
  self.dirty = true
  self.status = update.status or self.status
  self.duration = update.durationS or self.duration
  if update.output then
    self:print(update.output)
  end
  local limit = options.fold and options.output_lines or math.huge
  for _, block in ipairs(update.content or {}) do
    if block.type == 'diff' then
      local key = 'diff:' .. block.path
      if not self.shown[key] then
        self.shown[key] = true
        self.shown.diff = self.kind == 'edit'
        if block.diff == '' then
          self:add(writer, { text.exact(block.path) .. ' changed; it is not text' }, '', math.huge)
        else
          self:add(writer, text.exact_lines(block.diff), 'diff', options.fold and 24 or math.huge)
        end
      end
    -- What an edit says of itself is its diff; what a command printed stands beside what it changed.
    elseif block.type == 'content' and not self.shown.content and not self.shown.diff then
      local said = block.content and block.content.text or ''
      if vim.trim(said) ~= '' and self.kind ~= 'think' then
        self.shown.content = true
        local lines = vim.tbl_map(text.exact, text.output_lines(said))
        self:add(writer, lines, '', self.kind == 'read' and (options.fold and 0 or math.huge) or limit)
      end
    end
  end
end

--- All that is known of the call, for a window of its own.
---@return string[]
function Card:details()
  local lines = { '# ' .. self.title, '', ('Tool: %s · %s'):format(self.tool, self.status) }
  local decision = self.decision
  if decision then
    lines[#lines + 1] = ('Decision: %s · %s risk'):format(decision.verdict, decision.risk)
    vim.list_extend(lines, { '', 'Why: ' .. text.one_line(decision.reason or '', 1000) })
    for _, row in ipairs(decision.trace or {}) do
      lines[#lines + 1] = M.trace_line(row)
    end
  end
  if self.input and next(self.input) then
    vim.list_extend(lines, { '', 'Input:', '' })
    local ok, encoded = pcall(vim.json.encode, self.input)
    for key, value in pairs(ok and self.input or {}) do
      local shown = type(value) == 'string' and value or vim.json.encode(value)
      lines[#lines + 1] = ('%s:'):format(key)
      vim.list_extend(
        lines,
        vim.tbl_map(function(line)
          return '    ' .. line
        end, text.exact_lines(shown))
      )
    end
    if not ok then
      lines[#lines + 1] = encoded
    end
  end
  return lines
end

--- What one step of the gate said, in a line.
---@param row droid.TraceRow
---@return string
function M.trace_line(row)
  local from = row.level and row.level ~= '' and (' (%s%s)'):format(row.level, row.file and ', ' .. row.file or '')
    or ''
  local matched = row.matched and row.matched ~= '' and ': ' .. row.matched or ''
  return text.one_line(
    ('- %s: %s — %s%s%s'):format(row.step, row.verdict or 'nothing', row.rule or '', matched, from),
    400
  )
end

return M
