--- The prompt below a conversation: several lines, a history, completion of what `@` mentions.

local config = require('droid.config')

local M = {}

---@class droid.Prompt
---@field id string the session's
---@field buffer integer
---@field history string[]
---@field at integer? which entry is shown
---@field draft string[]? what was written before the history was looked at

---@type table<string, droid.Prompt>
local all = {}

---@param prompt droid.Prompt
---@return string
local function written(prompt)
  return table.concat(vim.api.nvim_buf_get_lines(prompt.buffer, 0, -1, false), '\n')
end

---@param prompt droid.Prompt
---@param lines string[]
local function put(prompt, lines)
  vim.api.nvim_buf_set_lines(prompt.buffer, 0, -1, false, lines)
  for _, window in ipairs(vim.fn.win_findbuf(prompt.buffer)) do
    vim.api.nvim_win_set_cursor(window, { #lines, #lines[#lines] })
  end
end

--- Go through what was sent before; at its end is what is being written.
---@param prompt droid.Prompt
---@param step integer
local function browse(prompt, step)
  if #prompt.history == 0 then
    return
  end
  if not prompt.at then
    if step > 0 then
      return
    end
    prompt.draft = vim.api.nvim_buf_get_lines(prompt.buffer, 0, -1, false)
    prompt.at = #prompt.history + 1
  end
  local at = math.max(1, prompt.at + step)
  if at > #prompt.history then
    put(prompt, prompt.draft or { '' })
    prompt.at, prompt.draft = nil, nil
  else
    prompt.at = at
    put(prompt, vim.split(prompt.history[at], '\n', { plain = true }))
  end
end

--- The window grows with what is written, within bounds.
---@param prompt droid.Prompt
local function resize(prompt)
  local options = config.get().prompt
  for _, window in ipairs(vim.fn.win_findbuf(prompt.buffer)) do
    if vim.api.nvim_win_get_config(window).relative == '' then
      local lines = vim.api.nvim_win_text_height(window, {}).all
      local height = math.max(options.height, math.min(lines + 1, options.max_height))
      if vim.api.nvim_win_get_height(window) ~= height then
        vim.api.nvim_win_set_height(window, height)
      end
    end
  end
end

--- Shown where nothing is written yet.
---@param prompt droid.Prompt
local function draw_hint(prompt)
  local namespace = vim.api.nvim_create_namespace('droid.prompt')
  vim.api.nvim_buf_clear_namespace(prompt.buffer, namespace, 0, -1)
  if written(prompt) == '' then
    local keys = config.get().prompt.keys
    local hint = ('Ask, or say what to do. @ mentions files. %s sends.'):format(keys.send_insert or keys.send or '')
    vim.api.nvim_buf_set_extmark(prompt.buffer, namespace, 0, 0, {
      virt_text = { { hint, 'DroidHint' } },
      virt_text_pos = 'overlay',
    })
  end
end

--- What was written is cleared at once, and comes back where it could not be sent.
---@param prompt droid.Prompt
function M.send(prompt)
  if vim.fn.pumvisible() == 1 then
    vim.api.nvim_feedkeys(vim.keycode('<C-e>'), 'n', false)
    return vim.schedule(function()
      M.send(prompt)
    end)
  end
  local said = vim.trim(written(prompt))
  if said == '' then
    return
  end
  local images, problem = require('droid.images').of(said)
  if problem then
    return require('droid.notify').error(problem)
  end
  put(prompt, { '' })
  prompt.at, prompt.draft = nil, nil
  require('droid.verbs').send(prompt.id, said, images, function(message)
    local now = written(prompt)
    local lines = vim.split(vim.trim(now) == '' and said or (said .. '\n' .. now), '\n', { plain = true })
    put(prompt, lines)
    require('droid.notify').error(message .. '; what you wrote is in the prompt again')
  end)
end

---@param prompt droid.Prompt
local function map_keys(prompt)
  local keys = config.get().prompt.keys
  local function map(modes, key, about, action)
    if key then
      vim.keymap.set(modes, key, action, { buffer = prompt.buffer, nowait = true, desc = 'Droid: ' .. about })
    end
  end
  map('n', keys.send, 'Send', function()
    M.send(prompt)
  end)
  map({ 'n', 'i' }, keys.send_insert, 'Send', function()
    M.send(prompt)
  end)
  map({ 'n', 'i' }, keys.older, 'An older prompt', function()
    browse(prompt, -1)
  end)
  map({ 'n', 'i' }, keys.newer, 'A newer prompt', function()
    browse(prompt, 1)
  end)
  map('n', keys.cancel, 'Cancel the running turn', function()
    require('droid.verbs').cancel(prompt.id)
  end)
  map('n', keys.close, 'Close the chat', function()
    require('droid.ui.chat').close(prompt.id)
  end)
  map('n', 'g?', 'Show these keys', function()
    require('droid.ui.chat').help('Prompt', 'prompt')
  end)
end

---@param id string
---@return droid.Prompt
function M.of(id)
  local known = all[id]
  if known and vim.api.nvim_buf_is_valid(known.buffer) then
    return known
  end
  local buffer = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buffer, 'droid://prompt/' .. id)
  vim.b[buffer].droid_session = id
  vim.b[buffer].droid_prompt = true
  local prompt = { id = id, buffer = buffer, history = known and known.history or {} }
  all[id] = prompt
  local options = vim.bo[buffer]
  options.buftype, options.bufhidden, options.swapfile = 'nofile', 'hide', false
  options.filetype = 'droid-prompt'
  options.completefunc = "v:lua.require'droid.ui.mentions'.complete"
  options.omnifunc = "v:lua.require'droid.ui.mentions'.complete"
  map_keys(prompt)
  draw_hint(prompt)
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI', 'TextChangedP' }, {
    buffer = buffer,
    callback = function(event)
      draw_hint(prompt)
      resize(prompt)
      if event.event == 'TextChangedI' then
        require('droid.ui.mentions').typed(prompt.id)
      end
    end,
  })
  return prompt
end

--- What a session was told, for its history.
---@param id string
---@param said string
function M.remember(id, said)
  local prompt = M.of(id)
  if prompt.history[#prompt.history] ~= said then
    prompt.history[#prompt.history + 1] = said
  end
end

---@param id string
---@return integer?
function M.window_of(id)
  local known = all[id]
  for _, window in ipairs(vim.api.nvim_tabpage_list_wins(0)) do
    if known and vim.api.nvim_win_get_buf(window) == known.buffer then
      return window
    end
  end
end

--- Show the prompt below a conversation's window.
---@param id string
---@param below integer
function M.open(id, below)
  local prompt = M.of(id)
  if M.window_of(id) then
    return
  end
  local window = vim.api.nvim_open_win(prompt.buffer, false, {
    split = 'below',
    win = below,
    height = config.get().prompt.height,
  })
  local function set(name, value)
    vim.api.nvim_set_option_value(name, value, { win = window, scope = 'local' })
  end
  set('winfixheight', true)
  set('wrap', true)
  set('linebreak', true)
  set('number', false)
  set('relativenumber', false)
  set('signcolumn', 'no')
  set('foldcolumn', '0')
  set('list', false)
  set('statusline', ' Prompt%<%= g? keys ')
  set('fillchars', 'eob: ')
end

--- Go to the prompt, ready to write. Opens the conversation where it is not shown.
---@param id string
function M.enter(id)
  local window = M.window_of(id)
  if not window then
    require('droid.ui.chat').open(id)
    window = M.window_of(id)
  end
  if window then
    vim.api.nvim_set_current_win(window)
    vim.cmd('startinsert!')
  end
end

--- Put a text into the prompt, where nothing is written there.
---@param id string
---@param said string
function M.suggest(id, said)
  local prompt = M.of(id)
  if vim.trim(written(prompt)) == '' then
    put(prompt, vim.split(said, '\n', { plain = true }))
  end
end

---@param id string
function M.drop(id)
  local known = all[id]
  all[id] = nil
  if known and vim.api.nvim_buf_is_valid(known.buffer) then
    vim.api.nvim_buf_delete(known.buffer, { force = true })
  end
end

--- Close the prompt that belongs to a conversation's window; what is written in it stays.
---@param window integer
function M.close_beside(window)
  local id = vim.b[vim.api.nvim_win_get_buf(window)].droid_session
  local mine = id and M.window_of(id)
  if mine and #vim.api.nvim_tabpage_list_wins(0) > 1 then
    vim.api.nvim_win_close(mine, true)
  end
end

return M
