-- The server: found, missing, killed, started again; and what it costs to have the plugin.
local person = dofile(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2))) .. '/start.lua')
local check, wait = person.check, person.wait

local scenarios = {}

---@return integer pid of the server
local function pid()
  for _, child in ipairs(vim.api.nvim_get_proc_children(vim.uv.os_getpid())) do
    local found = vim.api.nvim_get_proc(child)
    if found then
      return child
    end
  end
  return 0
end

--- Killed, it says so, starts again, and the conversation and what was being written are there.
function scenarios.killed()
  require('droid').setup({ restart = { delay_ms = 50 } })
  local code = person.open('src/click/utils.py')
  vim.cmd('Droid ask remember this')
  person.turn_ends()
  local id = assert(require('droid.sessions').current()).id
  local prompt = require('droid.ui.prompt').of(id)
  vim.api.nvim_buf_set_lines(prompt.buffer, 0, -1, false, { 'not sent yet' })
  local old = vim.lsp.get_clients({ name = 'droid' })[1].id
  vim.uv.kill(pid(), 'sigkill')
  wait('it is told', function()
    return person.told('server ended')
  end, function()
    return person.notified
  end)
  wait('a server is there again, attached to the file', function()
    local client = vim.lsp.get_clients({ name = 'droid', bufnr = code })[1]
    return client and client.id ~= old and client.initialized
  end)
  wait('the conversation is there, once', function()
    local _, count = person.chat():gsub('remember this', '')
    return count == 1
      and person.chat():find('I remember.', 1, true)
      and not person.chat():find('The server ended', 1, true)
  end, person.chat)
  check('what was not sent is still there', person.text(prompt.buffer) == 'not sent yet', person.text(prompt.buffer))
  vim.api.nvim_set_current_win(assert(require('droid.ui.prompt').window_of(id)))
  person.press('<CR>')
  person.turn_ends(2)
  wait('and it goes on', function()
    return person.chat():find('And on.', 1, true)
  end, person.chat)
  check('in the same session', require('droid.sessions').current().id == id)
end

--- Killed while something is asked: the question closes.
function scenarios.killed_while_asking()
  require('droid').setup({ restart = { delay_ms = 50 } })
  person.open('src/click/utils.py')
  vim.cmd('Droid fix')
  wait('it is asked about', function()
    return require('droid.ui.question').window()
  end)
  vim.uv.kill(pid(), 'sigkill')
  wait('nothing is asked any more', function()
    return require('droid.ui.question').count() == 0 and not require('droid.ui.question').window()
  end)
  wait('the server is there again', function()
    local client = require('droid.client').get()
    return client and client.initialized and person.told('server ended')
  end)
  check('nothing ran', vim.uv.fs_stat('kept.txt') == nil)
end

--- Without a server, one line says how to mend it.
function scenarios.missing()
  vim.env.PATH = '/usr/bin:/bin'
  vim.cmd('edit src/click/utils.py')
  wait('it is told', function()
    return person.told('droid%-lsp is not on PATH')
  end, function()
    return person.notified
  end)
  check('once', #person.notified == 1, person.notified)
  vim.cmd('Droid explain')
  wait('and told again to who asks', function()
    return #person.notified == 2
  end)
  person.expected_errors = 1
  vim.cmd('checkhealth droid')
  check('the health check says it too', person.text():find('droid-lsp is not on PATH', 1, true) ~= nil, person.text())
end

--- A server that came with the workspace runs only once a person said so.
function scenarios.of_the_workspace()
  local real = vim.fn.exepath('droid-lsp')
  vim.fn.mkdir('.venv/bin', 'p')
  vim.fn.writefile({ '#!/bin/sh', 'echo ran > ran.txt', ('exec %s "$@"'):format(real) }, '.venv/bin/droid-lsp')
  vim.fn.setfperm('.venv/bin/droid-lsp', 'rwx------')
  person.open('src/click/utils.py')
  check('the one on PATH runs', vim.uv.fs_stat('ran.txt') == nil)
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  wait('it leaves', function()
    return #vim.lsp.get_clients() == 0
  end)
  person.choices = { '^Run it' }
  vim.cmd('Droid new')
  wait('the person is asked, and then it runs', function()
    return vim.uv.fs_stat('ran.txt') and person.transcript()
  end, function()
    return { person.menus, person.notified }
  end)
  local server = require('droid.server')
  check('that is remembered', select(2, server.of_workspace(vim.fn.getcwd())) == 'yes')
  vim.fn.writefile({ '#!/bin/sh' }, '.venv/bin/droid-lsp')
  check('until it changes', select(2, server.of_workspace(vim.fn.getcwd())) == 'unknown')
end

--- The health check, with a server.
function scenarios.health()
  person.open('src/click/utils.py')
  vim.cmd('checkhealth droid')
  local text = person.text()
  check('the server is found', text:find('from PATH', 1, true) ~= nil, text)
  check('and agreed with', text:find('client %d') ~= nil and not text:find('is file, not', 1, true), text)
  check('nothing is wrong', not text:find('ERROR', 1, true), text)
end

--- Options that do not exist are refused in a line; the help has its tags.
function scenarios.options()
  local ok, problem = pcall(require('droid').setup, { chat = { postion = 'left' } })
  check(
    'a misspelt option is told',
    not ok and tostring(problem):find('there is no option chat.postion', 1, true) ~= nil,
    problem
  )
  ok, problem = pcall(require('droid').setup, { chat = { size = 'wide' } })
  check('a wrong type too', not ok and tostring(problem):find('chat.size is not a number', 1, true) ~= nil, problem)
  require('droid').setup({ chat = { keys = { close = false } }, cmd = { 'droid-lsp' } })
  local doc = vim.fs.joinpath(person.root, 'doc')
  local copy = vim.fn.tempname()
  vim.fn.mkdir(copy)
  vim.uv.fs_copyfile(doc .. '/droid.txt', copy .. '/droid.txt')
  vim.cmd('helptags ' .. copy)
  local tags = person.disk(copy .. '/tags')
  for _, name in ipairs(vim.tbl_keys(require('droid.command').subcommands)) do
    check('the help tells of :Droid ' .. name, tags:find((':Droid-%s\t'):format(name), 1, true) ~= nil)
  end
  local help = person.disk(doc .. '/droid.txt')
  for name in pairs(require('droid.ui.highlight').links) do
    check('and of ' .. name, help:find(name, 1, true) ~= nil)
  end
end

--- A person's own highlights and options hold.
function scenarios.highlights()
  vim.api.nvim_set_hl(0, 'DroidUser', { link = 'WarningMsg' })
  require('droid.ui.highlight').ensure()
  check('what is set is kept', vim.api.nvim_get_hl(0, { name = 'DroidUser' }).link == 'WarningMsg')
  check('the rest are links', vim.api.nvim_get_hl(0, { name = 'DroidAgent' }).link == 'Special')
end

person.play(scenarios)
