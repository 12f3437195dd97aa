-- Review of what was changed: in the files' own buffers, side by side, stale, and back to a checkpoint.
local person = dofile(vim.fs.dirname(vim.fs.abspath(debug.getinfo(1, 'S').source:sub(2))) .. '/start.lua')
local check, wait = person.check, person.wait

local scenarios = {}

local function hunks()
  return require('droid.ui.hunks')
end

--- Let edits run, so that they are reviewed afterwards.
local function begin()
  local code = person.open('src/click/utils.py')
  vim.cmd('Droid new')
  wait('a session begins', person.transcript)
  vim.cmd('Droid autonomy low')
  wait('edits run', function()
    return require('droid.sessions').current().autonomy == 'low'
  end)
  vim.api.nvim_set_current_win(vim.fn.bufwinid(code))
  vim.cmd('stopinsert')
  vim.cmd('Droid refactor')
  person.turn_ends()
  wait('the edit is there', function()
    return person.text(code):find('# Second', 1, true)
  end, person.chat)
  return code
end

--- Marks in the buffer; one hunk is accepted there, one rejected.
function scenarios.inline()
  local code = begin()
  wait('both hunks are marked', function()
    return #hunks().marks(code) == 2
  end, function()
    return { require('droid.changes').list(), person.notified }
  end)
  local first = person.line_of('Lower-case, dashed.')
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  person.press(']h')
  check(
    'the mapping goes to the first hunk',
    vim.api.nvim_win_get_cursor(0)[1] == first,
    vim.api.nvim_win_get_cursor(0)
  )
  vim.cmd('Droid accept hunk')
  wait('accepted, its mark goes', function()
    return #hunks().marks(code) == 1
  end, function()
    return person.notified
  end)
  check('and its text stays', person.text(code):find('Lower-case, dashed.', 1, true) ~= nil)
  vim.api.nvim_win_set_cursor(0, { 1, 0 })
  person.press(']h')
  vim.cmd('Droid reject hunk')
  wait('rejected, it is taken back', function()
    return not person.text(code):find('# Second', 1, true)
  end, function()
    return person.notified
  end)
  check('and only it', person.text(code):find('Lower-case, dashed.', 1, true) ~= nil)
  wait('no mark is left', function()
    return #hunks().marks(code) == 0
  end, function()
    return require('droid.changes').list()
  end)
end

--- Side by side in a tab page, hunk by hunk and by file.
function scenarios.side_by_side()
  local code = begin()
  person.choices = { '.' }
  vim.cmd('Droid review-changes')
  wait('a tab page opens', function()
    return require('droid.ui.review').shown() and #vim.api.nvim_list_tabpages() == 2
  end, function()
    return person.notified
  end)
  local windows = vim.api.nvim_tabpage_list_wins(0)
  wait('both sides are there', function()
    return person.text(vim.api.nvim_win_get_buf(windows[2])):find('Lower-case, dashed.', 1, true)
  end)
  check(
    'with what was before',
    not person.text(vim.api.nvim_win_get_buf(windows[1])):find('Lower-case, dashed.', 1, true)
  )
  wait('the cursor is at the first hunk', function()
    local line = vim.api.nvim_win_get_cursor(windows[2])[1]
    return vim.api
      .nvim_buf_get_lines(vim.api.nvim_win_get_buf(windows[2]), line - 1, line, false)[1]
      :find('Lower-case', 1, true)
  end, function()
    return vim.api.nvim_win_get_cursor(windows[2])
  end)
  check('in a native diff', vim.wo[windows[1]].diff and vim.wo[windows[2]].diff)
  vim.api.nvim_set_current_win(windows[2])
  local function states()
    return person.virtual(vim.api.nvim_win_get_buf(windows[2]))
  end
  wait('hunks say how they stand', function()
    return states():find('1/2 ? pending', 1, true)
  end, states)
  vim.api.nvim_win_set_cursor(0, { person.line_of('Lower-case, dashed.'), 0 })
  person.press('a')
  wait('accepted', function()
    return states():find('1/2 ✓ accepted', 1, true)
  end, function()
    return { states(), person.notified }
  end)
  vim.api.nvim_win_set_cursor(0, { person.line_of('# Second'), 0 })
  person.press('x')
  wait('rejected, it is taken back in the file', function()
    return not person.text(code):find('# Second', 1, true)
  end, function()
    return { states(), person.notified }
  end)
  check('the accepted one stays', person.text(code):find('Lower-case, dashed.', 1, true) ~= nil)
  check('the other file waits', vim.uv.fs_stat('notes.md') ~= nil)
  vim.cmd('Droid reject all')
  wait('all that is left is taken back', function()
    return vim.uv.fs_stat('notes.md') == nil
  end, function()
    return person.notified
  end)
end

--- A hunk whose lines the person changed is not touched, and that is said.
function scenarios.stale()
  local code = begin()
  wait('both hunks are marked', function()
    return #hunks().marks(code) == 2
  end)
  vim.api.nvim_win_set_cursor(0, { person.line_of('# Second'), 0 })
  person.press('cc# mine now<Esc>')
  local mine = person.text(code)
  vim.cmd('Droid reject hunk')
  wait('it is said', function()
    return person.told('utils.py')
  end, function()
    return person.notified
  end)
  check('nothing of the person is lost', person.text(code) == mine, person.text(code))
end

--- Undo of the turn, and back to before it.
function scenarios.undo()
  local code = begin()
  vim.cmd('Droid undo')
  wait('the edit is taken back', function()
    return not person.text(code):find('# Second', 1, true) and vim.uv.fs_stat('notes.md') == nil
  end, function()
    return person.notified
  end)
  wait('and told', function()
    return person.told('taken back') and person.chat():find('Undone', 1, true)
  end, function()
    return person.notified
  end)
end

--- Files and conversation go back to before the turn.
function scenarios.checkpoint()
  local code = begin()
  local before = person.chat()
  check('there was a turn', before:find('Both done.', 1, true) ~= nil, before)
  person.choices = { '.', '^Files and conversation$' }
  vim.cmd('Droid checkpoints')
  wait('the changes are shown first', function()
    return require('droid.ui.review').shown()
  end, function()
    return { person.notified, person.menus }
  end)
  vim.cmd('Droid accept all')
  wait('the files are as before', function()
    return not person.text(code):find('# Second', 1, true) and vim.uv.fs_stat('notes.md') == nil
  end, function()
    return person.notified
  end)
  wait('the chat tells it', function()
    return person.chat():find('goes on from before this turn', 1, true)
  end, person.chat)
end

person.play(scenarios)
