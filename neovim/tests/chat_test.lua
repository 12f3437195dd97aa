-- Conversations: started from code and from the prompt, streamed, folded, completed, resumed.
local person = dofile(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2))) .. '/start.lua')
local check, wait = person.check, person.wait

local scenarios = {}

--- A verb on a range opens the chat without the focus, and shows all that happens.
function scenarios.from_code()
  person.open('src/click/utils.py')
  local window = vim.api.nvim_get_current_win()
  vim.cmd(('%d,%dDroid explain briefly'):format(person.line_of('def _posixify'), person.line_of('def _posixify') + 1))
  person.turn_ends()
  wait('the answer is in the chat', function()
    return person.chat():find('It makes names tidy.', 1, true)
  end, person.chat)
  check('the focus stayed', vim.api.nvim_get_current_win() == window)
  local transcript = assert(person.transcript())
  local text = person.chat()
  check('what was asked is shown', text:find('## You\n\nExplain', 1, true) ~= nil, text)
  check('under headings', text:find('## Droid', 1, true) ~= nil, text)
  check('thinking is quoted', text:find('> Let me look', 1, true) ~= nil, text)
  check('a call is a card', text:find('utils.py', 1, true) ~= nil, text)
  local shown = person.virtual(transcript.buffer)
  check('with its decision', shown:find('allowed', 1, true) ~= nil, shown)
  check('and the usage', shown:find(' in · ', 1, true) ~= nil, shown)
  local chat = assert(require('droid.ui.chat').window_of(transcript.id))
  vim.api.nvim_win_call(chat, function()
    local first = vim.fn.search('^> Let me look', 'nw')
    check('thinking is folded', vim.fn.foldclosed(first) == first, vim.fn.foldclosed(first))
  end)
  check('it is Markdown', vim.bo[transcript.buffer].filetype == 'markdown.droid')
  check(
    'a model is known',
    require('droid.sessions').current().model:find('scripted') ~= nil,
    require('droid.sessions').list()
  )
  check(
    'the status line tells',
    require('droid').statusline():find('Droid', 1, true) ~= nil,
    require('droid').statusline()
  )
end

--- Several lines are written below and sent; another session is begun beside it.
function scenarios.prompt()
  vim.cmd('Droid new')
  wait('a session begins', function()
    return person.transcript()
  end)
  local first = assert(require('droid.sessions').current()).id
  check('the cursor is in the prompt', vim.b.droid_prompt == true)
  person.say('Tell me<CR>in two lines.')
  person.turn_ends()
  check('both lines were sent', person.chat():find('Tell me\nin two lines.', 1, true) ~= nil, person.chat())
  check('the prompt is empty again', person.text() == '', person.text())
  person.press('<C-Up>')
  check('the history has it', person.text() == 'Tell me\nin two lines.', person.text())
  person.press('<C-Down>')
  check('and gives back what was being written', person.text() == '', person.text())
  vim.cmd('Droid! new')
  wait('another session begins', function()
    return require('droid.sessions').current().id ~= first
  end)
  check('beside the first', require('droid.ui.chat').window_of(first) ~= nil)
  person.say('And you?')
  person.turn_ends(2)
  check(
    'it has a conversation of its own',
    person.chat():find('And you?', 1, true) and not person.chat():find('Tell me', 1, true),
    person.chat()
  )
end

--- The window follows only while the cursor is at the end.
function scenarios.follow()
  vim.cmd('Droid new')
  wait('a session begins', person.transcript)
  local transcript = assert(person.transcript())
  local chat = assert(require('droid.ui.chat').window_of(transcript.id))
  person.say('Tell me a long story.')
  wait('the answer streams', function()
    return vim.api.nvim_buf_line_count(transcript.buffer) > 60
  end)
  check('the window follows', vim.api.nvim_win_get_cursor(chat)[1] == vim.api.nvim_buf_line_count(transcript.buffer))
  vim.api.nvim_win_set_cursor(chat, { 5, 0 })
  local lines = vim.api.nvim_buf_line_count(transcript.buffer)
  wait('more streams', function()
    return vim.api.nvim_buf_line_count(transcript.buffer) > lines + 20
  end)
  check('the window stays where the person reads', vim.api.nvim_win_get_cursor(chat)[1] == 5)
  vim.cmd('Droid cancel')
  person.turn_ends()
  wait('the chat says so', function()
    return person.chat():find('Cancelled', 1, true)
  end, person.chat)
  check('what had arrived is kept', person.chat():find('quick brown fox', 1, true) ~= nil)
  local last = person.events[#person.events]
  for _, event in ipairs(person.events) do
    last = event.name == 'DroidTurnEnd' and event or last
  end
  check('the event tells how it ended', last.data.reason == 'cancelled', last)
end

--- Things to do are below the text; a code block is yanked and applied.
function scenarios.todos_and_blocks()
  local code = person.open('src/click/utils.py')
  vim.cmd('Droid ask make a plan')
  person.turn_ends()
  local transcript = assert(person.transcript())
  wait('the block is there', function()
    return person.chat():find('print("applied")', 1, true)
  end, person.chat)
  check(
    'what is to do is shown',
    person.virtual(transcript.buffer):find('Write the test', 1, true) ~= nil,
    person.virtual(transcript.buffer)
  )
  local chat = assert(require('droid.ui.chat').window_of(transcript.id))
  vim.api.nvim_win_set_cursor(vim.fn.bufwinid(code), { 3, 0 })
  vim.api.nvim_set_current_win(chat)
  vim.api.nvim_win_set_cursor(chat, { person.line_of('print("applied")'), 0 })
  person.press('yc')
  check('the block is yanked', vim.fn.getreg('"') == 'print("applied")\n', vim.fn.getreg('"'))
  person.choices = { '^Insert below line 3' }
  person.press('ga')
  check('the block is applied', vim.api.nvim_buf_get_lines(code, 3, 4, false)[1] == 'print("applied")', person.menus)
  vim.api.nvim_buf_call(code, function()
    vim.cmd('silent undo')
  end)
  check('one undo away', not person.text(code):find('print("applied")', 1, true))
end

--- What a command changed stands below it beside what it printed; what is not text is named.
function scenarios.command_changes()
  vim.cmd('Droid new')
  wait('a session begins', person.transcript)
  local set = false
  require('droid').execute('droid.autonomy.set', { autonomy = 'high' }, function()
    set = true
  end)
  wait('autonomy is set', function()
    return set
  end)
  vim.cmd('Droid ask make it')
  person.turn_ends()
  wait('the file is named', function()
    return person.chat():find('data.bin changed; it is not text', 1, true)
  end, person.chat)
  check('what it printed is there', person.chat():find('it is made', 1, true) ~= nil, person.chat())
  check('no diff is empty', not person.chat():find('```diff\n\n```', 1, true), person.chat())
end

--- What `@` mentions completes from the workspace's files.
function scenarios.mentions()
  vim.cmd('Droid new')
  wait('a session begins', person.transcript)
  local window = assert(require('droid.ui.prompt').window_of(assert(person.transcript()).id))
  vim.api.nvim_set_current_win(window)
  vim.api.nvim_buf_set_lines(0, 0, -1, false, { 'look at @util' })
  vim.api.nvim_win_set_cursor(window, { 1, 13 })
  local complete = require('droid.ui.mentions').complete
  vim.cmd('startinsert!')
  check('it begins at the sign', complete(1, '') == 8 or complete(1, '') == 7, complete(1, ''))
  local items = wait('files are found', function()
    local found = complete(0, '@util')
    return #found > 0 and found
  end)
  check(
    'as they are inserted',
    vim.iter(items):any(function(item)
      return item.word == '@src/click/utils.py'
    end),
    items
  )
  check('omni completion is set', vim.bo.omnifunc:find('mentions') ~= nil)
end

--- The provider fails in the middle of an answer: what had come of it goes, and the answer is there once.
function scenarios.begun_again()
  vim.cmd('Droid ask go on')
  person.turn_ends()
  wait('it is there', function()
    return person.chat():find('Whole and well.', 1, true)
  end, person.chat)
  check('that it was tried again is told', person.chat():find('tries again', 1, true) ~= nil, person.chat())
  check('what had come is gone', not person.chat():find('Half of an', 1, true), person.chat())
  check('with what was asked still there', person.chat():find('## You\n\ngo on', 1, true) ~= nil, person.chat())
  local _, count = person.chat():gsub('## Droid', '')
  check('under one heading', count == 1, person.chat())
end

--- The path of a picture sends it along; one that is too large is told.
function scenarios.images()
  vim.fn.writefile({ 'picture' }, 'shot.png', 'b')
  local images, problem = require('droid.images').of('what is in @shot.png, and @src/click/utils.py?')
  check('the picture is taken, the code is not', problem == nil and #images == 1, images)
  check('with its type', images[1].mediaType == 'image/png' and vim.base64.decode(images[1].data) == 'picture', images)
  vim.fn.writefile({ ('x'):rep(6 * 1024 * 1024) }, 'large.png', 'b')
  images, problem = require('droid.images').of('@large.png')
  check('a large one is refused', #images == 0 and problem:find('larger than 5 MB', 1, true) ~= nil, problem)
end

--- A server that was stopped by hand is started by the next prompt, and the session goes on.
function scenarios.stopped()
  local code = person.open('src/click/utils.py')
  vim.cmd('Droid ask first words')
  person.turn_ends()
  local id = assert(require('droid.sessions').current()).id
  for _, client in ipairs(vim.lsp.get_clients()) do
    client:stop()
  end
  wait('it leaves', function()
    return #vim.lsp.get_clients() == 0
  end)
  wait('the chat says so', function()
    return person.chat():find('The server ended', 1, true)
  end, person.chat)
  vim.api.nvim_set_current_win(vim.fn.bufwinid(code))
  vim.cmd('Droid ask second words')
  person.turn_ends(2)
  check(
    'in the same session',
    require('droid.sessions').current().id == id and person.chat():find('second words', 1, true),
    person.chat()
  )
  check('which has what was said before', person.chat():find('first words', 1, true) ~= nil, person.chat())
end

--- A session is resumed after all windows were closed, and forked, named, exported and deleted.
function scenarios.sessions()
  vim.cmd('Droid ask first words')
  person.turn_ends()
  local id = assert(require('droid.sessions').current()).id
  vim.cmd('Droid rename A good name')
  wait('it has the name', function()
    return require('droid.sessions').get(id).title == 'A good name'
  end)
  person.choices = { 'A good name' }
  vim.cmd('Droid sessions')
  wait('the list has it', function()
    return #person.menus > 0 and person.menus[1].titles[1]:find('A good name', 1, true)
  end, function()
    return person.menus
  end)
  wait('it is shown once', function()
    local _, count = person.chat():gsub('first words', '')
    return count == 1 and person.chat():find('All right.', 1, true)
  end, person.chat)
  vim.cmd('Droid fork')
  wait('a fork is shown', function()
    return require('droid.sessions').current().id ~= id
  end)
  wait('with what was said before', function()
    return person.chat():find('first words', 1, true)
  end, person.chat)
  vim.cmd('Droid export')
  wait('the export opens', function()
    return vim.api.nvim_buf_get_name(0):find('export/', 1, true)
  end)
  check('as Markdown', person.text():find('first words', 1, true) ~= nil, person.text())
  vim.cmd('close')
  local fork = require('droid.sessions').current().id
  vim.cmd('Droid! delete ' .. fork)
  wait('the fork is gone', function()
    return require('droid.sessions').get(fork) == nil
  end, function()
    return person.notified
  end)
end

--- Model and autonomy level are picked; usage, doctor, status and settings tell.
function scenarios.choices()
  vim.cmd('Droid new')
  wait('a session begins', person.transcript)
  person.choices = { '^low' }
  vim.cmd('Droid autonomy')
  wait('the level is set', function()
    return require('droid.sessions').current().autonomy == 'low'
  end, function()
    return { person.menus, person.notified }
  end)
  person.choices = { 'scripted' }
  vim.cmd('Droid model')
  wait('models are listed', function()
    return #person.menus >= 2
  end, function()
    return person.notified
  end)
  for _, name in ipairs({ 'usage', 'doctor', 'settings' }) do
    local before = #vim.api.nvim_list_wins()
    vim.cmd('Droid ' .. name)
    wait(name .. ' is shown', function()
      return #vim.api.nvim_list_wins() == before + 1 and #person.text() > 10
    end, function()
      return person.notified
    end)
    person.press('q')
  end
  vim.cmd('Droid status')
  wait('the status is told', function()
    return person.told('autonomy low')
  end, function()
    return person.notified
  end)
  local completed = vim.fn.getcompletion('Droid re', 'cmdline')
  check(
    'subcommands complete',
    vim.list_contains(completed, 'review-changes') and vim.list_contains(completed, 'restart'),
    completed
  )
  check('and what they take', vim.deep_equal(vim.fn.getcompletion('Droid autonomy m', 'cmdline'), { 'medium' }))
  check('models too', vim.fn.getcompletion('Droid model ', 'cmdline')[1] == 'custom:scripted')
  vim.cmd('Droid nonsense')
  check('what is not there is told', person.told('there is no :Droid nonsense') ~= nil, person.notified)
  person.expected_errors = 1
end

person.play(scenarios)
