--- What every test needs: a person at Neovim, who opens files, presses keys, waits and looks.

local M = {}

M.root = vim.fs.dirname(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2))))

local number = 0

---@param name string
---@param ok any
---@param detail any
function M.check(name, ok, detail)
  number = number + 1
  local told = ''
  if not ok and detail ~= nil then
    told = ' # ' .. vim.inspect(detail):gsub('\n', '\n# '):sub(-4000)
  end
  io.stdout:write(('%s %d - %s%s\n'):format(ok and 'ok' or 'not ok', number, name, told))
  if not ok then
    io.stdout:write('# messages: ' .. M.messages():sub(-3000):gsub('\n', '\n# ') .. '\n')
    io.stdout:flush()
    os.exit(1)
  end
end

---@return string
function M.messages()
  return vim.api.nvim_exec2('messages', { output = true }).output
end

--- Wait until something is so; what it returns is returned.
---@generic T
---@param name string
---@param condition fun(): T?
---@param detail (fun(): any)?
---@return T
function M.wait(name, condition, detail)
  local found
  local ok = vim.wait(40000, function()
    found = condition()
    return found
  end, 5)
  M.check(name, ok, not ok and detail and detail() or nil)
  return found
end

---@param buffer integer?
---@return string
function M.text(buffer)
  return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\n')
end

---@param keys string as in a mapping
function M.press(keys)
  vim.api.nvim_feedkeys(vim.keycode(keys), 'xt', false)
end

---@param path string
---@return integer
function M.open(path)
  vim.cmd.edit(path)
  M.wait('the server attaches to ' .. vim.fs.basename(path), function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'droid' })[1]
    return client and client.initialized
  end)
  return vim.api.nvim_get_current_buf()
end

---@param path string
---@return string
function M.disk(path)
  return table.concat(vim.fn.readfile(path), '\n')
end

---@param words string
---@return integer line
function M.line_of(words)
  for i, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find(words, 1, true) then
      return i
    end
  end
  M.check('there is a line with ' .. words, false, M.text())
  return 0
end

-- What was told, and the choices of menus: each pattern must fit the title that is taken.
M.notified = {}
M.menus = {}
M.choices = {}
M.inputs = {}

function M.take_over_dialogs()
  vim.notify = function(message, level)
    M.notified[#M.notified + 1] = { message = message, level = level }
  end
  vim.ui.select = function(items, options, done)
    local titles = {}
    for i, item in ipairs(items) do
      titles[i] = (options.format_item or tostring)(item)
    end
    M.menus[#M.menus + 1] = { prompt = options.prompt, titles = titles }
    local wanted = table.remove(M.choices, 1)
    for i, title in ipairs(titles) do
      if wanted and title:find(wanted) then
        return done(items[i], i)
      end
    end
    done(nil, nil)
  end
  vim.ui.input = function(options, done)
    M.menus[#M.menus + 1] = { prompt = options.prompt }
    done(table.remove(M.inputs, 1))
  end
end

---@param words string
---@return table?
function M.told(words)
  return vim.iter(M.notified):find(function(one)
    return one.message:find(words) ~= nil
  end)
end

M.events = {}

function M.watch_events()
  vim.api.nvim_create_autocmd('User', {
    pattern = 'Droid*',
    callback = function(event)
      M.events[#M.events + 1] = { name = event.match, data = event.data }
    end,
  })
end

---@param name string
---@return integer
function M.happened(name)
  return #vim.tbl_filter(function(one)
    return one.name == name
  end, M.events)
end

--- The transcript of the current session.
---@return droid.Transcript?
function M.transcript()
  local session = require('droid.sessions').current()
  return session and require('droid.ui.transcript').exists(session.id) and require('droid.ui.transcript').of(session.id)
    or nil
end

---@return string
function M.chat()
  local transcript = M.transcript()
  return transcript and M.text(transcript.buffer) or ''
end

--- What extmarks show in a buffer, beside and between its lines.
---@param buffer integer
---@return string
function M.virtual(buffer)
  local pieces = {}
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buffer, -1, 0, -1, { details = true })) do
    local details = mark[4]
    for _, chunk in ipairs(details.virt_text or {}) do
      pieces[#pieces + 1] = chunk[1]
    end
    for _, line in ipairs(details.virt_lines or {}) do
      for _, chunk in ipairs(line) do
        pieces[#pieces + 1] = chunk[1]
      end
      pieces[#pieces + 1] = '\n'
    end
  end
  return table.concat(pieces)
end

--- The text of the float that asks.
---@return string
function M.asked()
  local window = require('droid.ui.question').window()
  return window and M.text(vim.api.nvim_win_get_buf(window)) or ''
end

--- Wait for an approval, go into it, press a key there.
---@param key string
function M.answer(key)
  M.wait('something is asked', function()
    return require('droid.ui.question').window()
  end, M.chat)
  vim.cmd('Droid approvals')
  M.press(key)
end

--- Write a prompt below the conversation and send it.
---@param words string
function M.say(words)
  local session = assert(require('droid.sessions').current())
  local window = M.wait('there is a prompt', function()
    return require('droid.ui.prompt').window_of(session.id)
  end)
  vim.api.nvim_set_current_win(window)
  M.press('i' .. words .. '<Esc>')
  M.press('<CR>')
end

---@param count integer?
function M.turn_ends(count)
  M.wait('the turn ends', function()
    return M.happened('DroidTurnEnd') >= (count or 1) and require('droid.updates').is_idle()
  end, function()
    return { chat = M.chat(), asked = M.asked(), notified = M.notified }
  end)
end

--- End as a person does, and fail where Neovim has something to complain about.
function M.finish()
  local messages = M.messages()
  M.check(
    'Neovim has nothing to complain about',
    not messages:find('Error', 1, true) and not messages:find('E%d+:'),
    messages
  )
  local bad = vim.tbl_filter(function(one)
    return one.level == vim.log.levels.ERROR
  end, M.notified)
  M.check('no error was told', #bad == (M.expected_errors or 0), bad)
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  M.wait('the server leaves', function()
    return #vim.lsp.get_clients() == 0
  end)
  io.stdout:flush()
  os.exit(0)
end

--- Run the scenario that the environment names.
---@param scenarios table<string, fun()>
function M.play(scenarios)
  M.take_over_dialogs()
  M.watch_events()
  local scenario = scenarios[vim.env.SCENARIO or '']
  M.check('there is a scenario ' .. tostring(vim.env.SCENARIO), scenario ~= nil)
  local ok, problem = xpcall(scenario, debug.traceback)
  M.check('the scenario runs to its end', ok, problem)
  M.finish()
end

return M
