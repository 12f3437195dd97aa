-- Questions: shown whole and without the focus, answered only inside, closed when they are withdrawn.
local person = dofile(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2))) .. '/start.lua')
local check, wait = person.check, person.wait

local scenarios = {}

local function question()
  return require('droid.ui.question')
end

--- A long command with a hidden character, while the person types.
function scenarios.whole_payload()
  local code = person.open('src/click/utils.py')
  local window = vim.api.nvim_get_current_win()
  vim.cmd('Droid fix')
  wait('it is asked about', function()
    return question().window()
  end, person.chat)
  check('the focus stayed', vim.api.nvim_get_current_win() == window)
  vim.api.nvim_win_set_cursor(window, { 1, 0 })
  person.press('Oroiapxsq<Esc>')
  check('keys go where the person types', vim.api.nvim_buf_get_lines(code, 0, 1, false)[1] == 'roiapxsq')
  vim.cmd('silent undo')
  check('and answer nothing', question().count() == 1)
  local float = assert(question().window())
  local title = vim.api.nvim_win_get_config(float).title
  check('the risk is in the title', title[1][1]:find('risk', 1, true) ~= nil, title)
  check('it says that there is more', title[2][1]:find('more lines below', 1, true) ~= nil, title)
  local text = person.asked()
  check('the first line is there', text:find('echo line 1\n', 1, true) ~= nil, text)
  check('and the last', text:find('echo line 80\n', 1, true) ~= nil, text)
  check('what hides is shown by its code point', text:find('echo ⟨U+202E⟩ hidden', 1, true) ~= nil, text)
  check('and why it is asked', text:find('\nWhy %S') ~= nil, text)
  check('it was told once', #vim.tbl_filter(function(one)
    return one.message:find('Approval wanted') ~= nil
  end, person.notified) == 1, person.notified)
  check('an event tells it', person.happened('DroidApproval') == 1)
  vim.cmd('Droid approvals')
  check('the command goes into it', vim.api.nvim_get_current_win() == float)
  person.press('<CR>')
  check('Return is no answer', question().count() == 1)
  person.press('G')
  check(
    'the end can be scrolled to',
    vim.api.nvim_win_get_cursor(float)[1] == vim.api.nvim_buf_line_count(vim.api.nvim_win_get_buf(float))
  )
  person.press('q')
  check('leaving answers nothing', question().count() == 1 and vim.api.nvim_get_current_win() == window)
  person.answer('r')
  check('rejected, it closes', question().window() == nil)
  check('and the focus is back', vim.api.nvim_get_current_win() == window)
  person.turn_ends()
  check(
    'the chat tells the answer',
    person.virtual(assert(person.transcript()).buffer):find('rejected', 1, true) ~= nil
  )
end

--- Approve once, approve for the session, reject with an instruction.
function scenarios.answers()
  person.open('src/click/utils.py')
  vim.cmd('Droid fix')
  person.answer('o')
  wait('it ran', function()
    return vim.uv.fs_stat('kept.txt')
  end)
  wait('the next is asked', function()
    return person.asked():find('lost.txt', 1, true)
  end, person.asked)
  person.inputs = { 'use another name' }
  person.answer('i')
  wait('the third is asked', function()
    return person.asked():find('again.txt', 1, true)
  end, person.asked)
  person.answer('s')
  person.turn_ends()
  check('the rejected one did not run', vim.uv.fs_stat('lost.txt') == nil)
  check(
    'the fourth needed no question',
    vim.uv.fs_stat('again.txt') ~= nil and person.happened('DroidApproval') == 3,
    person.events
  )
end

--- Cancelling the turn, and an answer from elsewhere, close the float.
function scenarios.withdrawn()
  person.open('src/click/utils.py')
  vim.cmd('Droid fix')
  wait('it is asked about', function()
    return question().window()
  end)
  require('droid').execute('droid.approve')
  wait('answered elsewhere, it closes', function()
    return not question().window() or person.asked():find('lost.txt', 1, true)
  end)
  wait('the next is asked', function()
    return person.asked():find('lost.txt', 1, true)
  end, person.chat)
  vim.cmd('Droid cancel')
  wait('cancelled, it closes', function()
    return not question().window() and question().count() == 0
  end)
  person.turn_ends()
  check('nothing more ran', vim.uv.fs_stat('lost.txt') == nil)
end

--- Every file of an edit is shown, and hunks are left out.
function scenarios.hunks()
  local code = person.open('src/click/utils.py')
  vim.cmd('Droid refactor')
  wait('it is asked about', function()
    return question().window()
  end, person.chat)
  local text = person.asked()
  check(
    'both files are shown',
    text:find('src/click/utils.py — edit, 2 hunks', 1, true) and text:find('notes.md — create', 1, true),
    text
  )
  check(
    'with what they change',
    text:find('+    """Lower-case, dashed."""', 1, true) and text:find('+    # Second', 1, true),
    text
  )
  check('and hunks ticked', select(2, text:gsub('%[x%] @@', '')) == 3, text)
  vim.cmd('Droid approvals')
  vim.api.nvim_win_set_cursor(0, { person.line_of('+    # Second'), 0 })
  person.press('<Space>')
  check('a hunk is taken out', person.asked():find('[ ] @@', 1, true) ~= nil, person.asked())
  person.press('o')
  person.turn_ends()
  check('the first hunk is in the buffer', person.text(code):find('Lower-case, dashed.', 1, true) ~= nil, person.chat())
  check('the one that was left out is not', not person.text(code):find('# Second', 1, true))
  check('the other file is there', vim.uv.fs_stat('notes.md') ~= nil)
end

--- What the agent asks is answered by an option or in one's own words.
function scenarios.ask_user()
  vim.cmd('Droid ask which one')
  wait('it asks', function()
    return person.asked():find('Which name?', 1, true)
  end, person.chat)
  person.answer('2')
  person.turn_ends()
  wait('the chat tells it', function()
    return person.chat():find('You answered: beta', 1, true)
  end, person.chat)
end

--- A command that needs what is not saved: the buffers are written, and it runs.
function scenarios.save_first()
  local code = person.open('src/click/utils.py')
  vim.cmd('Droid document')
  person.answer('o')
  wait('the edit is in the buffer', function()
    return person.text(code):find('Lower-case, dashed.', 1, true)
  end)
  check('not saved yet', vim.bo[code].modified)
  wait('the command is asked about', function()
    return person.asked():find('cp ', 1, true)
  end, person.chat)
  person.answer('o')
  person.turn_ends()
  check('it saw what was saved', person.disk('kept.txt'):find('Lower-case, dashed.', 1, true) ~= nil, person.notified)
  check('nobody was asked to save', person.happened('DroidApproval') == 2, person.events)
end

--- Somebody changed the file on disk, too: it is not written over, and the person decides.
function scenarios.changed_on_disk()
  local path = 'src/click/utils.py'
  local code = person.open(path)
  vim.cmd('Droid document')
  person.answer('o')
  wait('the edit is in the buffer', function()
    return person.text(code):find('Lower-case, dashed.', 1, true)
  end)
  wait('the command is asked about', function()
    return person.asked():find('cp ', 1, true)
  end, person.chat)
  vim.fn.writefile({ '# by somebody else' }, path)
  vim.uv.fs_utime(path, os.time() + 10, os.time() + 10)
  local mine = person.text(code)
  person.answer('o')
  wait('it is told', function()
    return person.told('changed on disk too')
  end, function()
    return { person.notified, person.asked() }
  end)
  wait('and asked about', function()
    return person.asked():find('not saved', 1, true)
  end, person.asked)
  check('the file is as somebody left it', person.disk(path) == '# by somebody else')
  check('the buffer too', person.text(code) == mine)
  person.answer(person.asked():match('(%S+) +Do not run it'))
  person.turn_ends()
  check('the command did not run', vim.uv.fs_stat('kept.txt') == nil)
  check('still nothing is lost', person.disk(path) == '# by somebody else' and person.text(code) == mine)
end

--- The person changes the very line while the agent's edit waits: nothing of it is lost.
function scenarios.both_edit()
  local code = person.open('src/click/utils.py')
  vim.cmd('Droid document')
  wait('it is asked about', function()
    return question().window()
  end)
  local line = person.line_of('def _posixify')
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  person.press('cc# this is mine<Esc>')
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  person.press('O# so is this<Esc>')
  local mine = person.text(code)
  person.answer('o')
  person.turn_ends()
  local now = person.text(code)
  check(
    'what the person wrote is there',
    now:find('# this is mine', 1, true) and now:find('# so is this', 1, true),
    now:sub(1, 1500)
  )
  check('the line that they took away stays away', not now:find('def _posixify', 1, true), now:sub(1, 1500))
  check('and the edit was refused', now == mine, { now:sub(1, 1500), person.chat() })
end

--- A menu of the server opens no menu that takes keys.
function scenarios.foreign_comment()
  person.open('src/click/utils.py')
  require('droid').execute('droid.comment.run', { uri = vim.uri_from_bufnr(0), line = 1 })
  wait('it is asked about', function()
    return person.asked():find('say what is odd here', 1, true)
  end, function()
    return { person.asked(), person.notified }
  end)
  check('no menu came', #person.menus == 0, person.menus)
  check(
    'with both answers',
    person.asked():find('Run it', 1, true) and person.asked():find('Do not run it', 1, true),
    person.asked()
  )
  person.answer('1')
  check('answered', question().count() == 0)
end

person.play(scenarios)
