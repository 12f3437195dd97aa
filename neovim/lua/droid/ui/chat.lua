--- The windows of a conversation: the transcript, and below it the prompt. Opening them never takes the
--- focus unless the person asked for it.

local config = require('droid.config')

local M = {}

---@param transcript droid.Transcript
local function map_keys(transcript)
  local buffer = transcript.buffer
  local actions = {
    prompt = {
      'Write a prompt',
      function()
        require('droid.ui.prompt').enter(transcript.id)
      end,
    },
    cancel = {
      'Cancel the running turn',
      function()
        require('droid.verbs').cancel(transcript.id)
      end,
    },
    yank_block = {
      'Yank the code block',
      function()
        require('droid.ui.blocks').yank()
      end,
    },
    apply_block = {
      'Apply the code block',
      function()
        require('droid.ui.blocks').apply()
      end,
    },
    next_block = {
      'Next code block',
      function()
        require('droid.ui.blocks').jump(1)
      end,
    },
    previous_block = {
      'Previous code block',
      function()
        require('droid.ui.blocks').jump(-1)
      end,
    },
    details = {
      'What is known of this tool call',
      function()
        M.details(transcript)
      end,
    },
    toggle = {
      'Open or close the fold',
      function()
        pcall(vim.cmd, 'normal! za')
      end,
    },
    approvals = {
      'Answer what waits',
      function()
        require('droid.ui.question').enter()
      end,
    },
    review = {
      'Review changes',
      function()
        require('droid.ui.review').choose(transcript.id)
      end,
    },
    close = {
      'Close the chat',
      function()
        M.close(transcript.id)
      end,
    },
    help = {
      'Show these keys',
      function()
        M.help('Chat', 'chat')
      end,
    },
  }
  for name, action in pairs(actions) do
    local key = config.get().chat.keys[name]
    if key then
      vim.keymap.set('n', key, action[2], { buffer = buffer, nowait = true, desc = 'Droid: ' .. action[1] })
    end
  end
end

--- The keys of a buffer of ours, as they are set now.
---@param title string
---@param _ string
function M.help(title, _)
  local rows = {}
  for _, map in ipairs(vim.api.nvim_buf_get_keymap(0, 'n')) do
    local about = (map.desc or ''):match('^Droid: (.*)')
    if about then
      rows[#rows + 1] = ('%-12s %s'):format(map.lhs:gsub(' ', '<Space>'), about)
    end
  end
  table.sort(rows)
  require('droid.ui.document').float(title .. ' keys', rows, '')
end

--- Make a transcript's buffer ready, when it is made.
---@param transcript droid.Transcript
function M.prepare(transcript)
  local buffer = transcript.buffer
  vim.bo[buffer].filetype = 'markdown.droid'
  -- Neovim falls back to its Markdown syntax where no parser is installed.
  pcall(vim.treesitter.start, buffer, 'markdown')
  map_keys(transcript)
  vim.api.nvim_create_autocmd('BufWinEnter', {
    buffer = buffer,
    callback = function()
      M.dress(vim.api.nvim_get_current_win(), transcript)
    end,
  })
end

---@param window integer
---@param transcript droid.Transcript
function M.dress(window, transcript)
  local set = function(name, value)
    vim.api.nvim_set_option_value(name, value, { win = window, scope = 'local' })
  end
  set('wrap', true)
  set('linebreak', true)
  set('breakindent', true)
  set('number', false)
  set('relativenumber', false)
  set('signcolumn', 'yes:1')
  set('foldcolumn', '0')
  set('spell', false)
  set('list', false)
  set('cursorline', false)
  set('conceallevel', 0)
  set('foldmethod', 'manual')
  set('foldenable', true)
  set('foldminlines', 0)
  set('fillchars', 'fold: ,eob: ')
  set('foldtext', "v:lua.require'droid.ui.chat'.foldtext()")
  set('statusline', " %<%{%v:lua.require'droid'.statusline()%}")
  set('winbar', "%{%v:lua.require'droid.ui.status'.winbar()%}")
  transcript.writer:fold_all_in(window)
end

--- What a closed fold says: how much of what is in it.
---@return table[]
function M.foldtext()
  local first = vim.fn.getline(vim.v.foldstart)
  local count = vim.v.foldend - vim.v.foldstart + 1
  local many = require('droid.text').many
  if first:find('^> ') then
    local start = require('droid.text').one_line(first:sub(3), 48)
    return { { ('  ▸ Thought, %s: '):format(many(count, 'line')), 'DroidThinking' }, { start, 'DroidThinking' } }
  end
  local inner = math.max(1, count - 2)
  if first:find('^`+diff') then
    return { { ('    ▸ %s of the change'):format(many(inner, 'line')), 'DroidOutput' } }
  end
  local last = require('droid.text').one_line(vim.fn.getline(vim.v.foldend - 1), 60)
  return { { ('    ▸ %s: '):format(many(inner, 'line')), 'DroidOutput' }, { last, 'DroidOutput' } }
end

---@param id string
---@return integer?
function M.window_of(id)
  local transcript = require('droid.ui.transcript')
  if not transcript.exists(id) then
    return nil
  end
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if vim.api.nvim_win_get_buf(window) == transcript.of(id).buffer then
      return window
    end
  end
end

--- A window of this tab page that shows any conversation.
---@return integer?
function M.any_window()
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    local buffer = vim.api.nvim_win_get_buf(window)
    if vim.b[buffer].droid_session and not vim.b[buffer].droid_prompt then
      return window
    end
  end
end

---@param buffer integer
---@return integer
local function new_window(buffer)
  local options = config.get().chat
  local position = options.position
  if position == 'current' then
    vim.api.nvim_win_set_buf(0, buffer)
    return vim.api.nvim_get_current_win()
  elseif position == 'tab' then
    local tab = vim.api.nvim_get_current_tabpage()
    vim.cmd('tab sbuffer ' .. buffer)
    local window = vim.api.nvim_get_current_win()
    vim.api.nvim_set_current_tabpage(tab)
    return window
  end
  local vertical = position == 'right' or position == 'left'
  local room = vertical and vim.o.columns or vim.o.lines
  local size = options.size < 1 and math.floor(room * options.size) or options.size --[[@as integer]]
  local split = ({ right = 'right', left = 'left', bottom = 'below', top = 'above' })[position]
  return vim.api.nvim_open_win(buffer, false, {
    split = split,
    win = -1,
    width = vertical and math.max(30, size) or nil,
    height = not vertical and math.max(8, size) or nil,
  })
end

--- Show a session.
---@param id string
---@param options { enter: boolean?, beside: boolean? }? `beside`: keep the conversation that is shown
---@return integer window of the transcript
function M.open(id, options)
  options = options or {}
  local transcript = require('droid.ui.transcript').of(id)
  require('droid.sessions').use(id)
  local window = M.window_of(id)
  if not window then
    local other = not options.beside and M.any_window() or nil
    if other then
      require('droid.ui.prompt').close_beside(other)
      vim.api.nvim_win_set_buf(other, transcript.buffer)
      window = other
    elseif options.beside and M.any_window() then
      window = vim.api.nvim_open_win(transcript.buffer, false, { split = 'right', win = M.any_window() })
    else
      window = new_window(transcript.buffer)
    end
    vim.api.nvim_win_call(window, function()
      M.dress(window, transcript)
    end)
    vim.api.nvim_win_set_cursor(window, { vim.api.nvim_buf_line_count(transcript.buffer), 0 })
  end
  require('droid.ui.prompt').open(id, window)
  if options.enter then
    require('droid.ui.prompt').enter(id)
  end
  return window
end

---@param id string
function M.close(id)
  local window = M.window_of(id)
  if window then
    require('droid.ui.prompt').close_beside(window)
    if #vim.api.nvim_tabpage_list_wins(0) > 1 then
      vim.api.nvim_win_close(window, false)
    else
      vim.cmd('enew')
    end
  end
end

--- Show or hide the current session's chat; where there is no session, begin one.
---@param bang boolean
function M.toggle(bang)
  local sessions = require('droid.sessions')
  local session = sessions.current()
  if session and M.window_of(session.id) and not bang then
    return M.close(session.id)
  elseif session then
    return M.open(session.id, { enter = true, beside = bang })
  end
  require('droid.verbs').new({ enter = true })
end

--- A session is gone: so is what shows it.
---@param id string
function M.forget(id)
  M.close(id)
  require('droid.sessions').forget(id)
  require('droid.ui.transcript').drop(id)
  require('droid.ui.prompt').drop(id)
end

--- Show what is known of the tool call under the cursor.
---@param transcript droid.Transcript
function M.details(transcript)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  local best, best_row
  for _, card in pairs(transcript.cards) do
    local header = transcript.writer:row_of(card.header)
    local tail = transcript.writer:row_of(card.tail)
    if header and tail and header <= row and row <= tail and (not best_row or header > best_row) then
      best, best_row = card, header
    end
  end
  if best then
    require('droid.ui.document').float('Tool call', best:details(), 'markdown')
  else
    require('droid.notify').info('there is no tool call under the cursor')
  end
end

return M
