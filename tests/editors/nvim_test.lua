-- Neovim as a person uses it: the manual's configuration, keys, code actions and answers.
-- Run by test_neovim.py as `nvim -u init.lua -l nvim_test.lua`, with SCENARIO in the environment.

local number = 0

local function check(name, ok, detail)
  number = number + 1
  local told = not ok and detail ~= nil and ' # ' .. vim.inspect(detail):gsub('%s+', ' '):sub(-2000) or ''
  io.stdout:write(('%s %d - %s%s\n'):format(ok and 'ok' or 'not ok', number, name, told))
  if not ok then os.exit(1) end
end

local function until_(name, condition, detail, ms)
  local ok = vim.wait(ms or 30000, condition, 10)
  check(name, ok, not ok and detail and detail() or nil)
end

-- The person's answers, in order: each a pattern that the chosen title must fit.
local answers, asked = {}, {}
vim.ui.select = function(items, opts, done)
  local titles = {}
  for i, item in ipairs(items) do titles[i] = (opts.format_item or tostring)(item) end
  -- What does not fit a message is in a file that it names.
  local file = opts.prompt:match('All of it is in (.-%.md)')
  asked[#asked + 1] = { prompt = opts.prompt, titles = titles, file = file and table.concat(vim.fn.readfile(file), '\n') }
  local wanted = table.remove(answers, 1)
  for i, title in ipairs(titles) do
    if wanted and title:find(wanted) then return done(items[i], i) end
  end
  done(nil, nil)
end

local progress = {}
vim.api.nvim_create_autocmd('LspProgress', {
  callback = function(event) progress[#progress + 1] = event.data.params.value end,
})

local function ended()
  local last = progress[#progress]
  return last ~= nil and last.kind == 'end'
end

local function text(buffer) return table.concat(vim.api.nvim_buf_get_lines(buffer or 0, 0, -1, false), '\n') end

local function on_disk(path) return table.concat(vim.fn.readfile(path), '\n') end

local function open(path)
  vim.cmd.edit(path)
  until_('the server attaches to ' .. vim.fs.basename(path), function()
    local client = vim.lsp.get_clients({ bufnr = 0, name = 'droid' })[1]
    return client ~= nil and client.initialized
  end)
  return vim.api.nvim_get_current_buf()
end

-- One key at a time, as fingers do: each becomes a change of its own.
local function type_line_above(line, words)
  vim.api.nvim_win_set_cursor(0, { line, 0 })
  vim.api.nvim_feedkeys(vim.keycode('O<Esc>'), 'xt', false)
  for character in words:gmatch('.') do
    vim.api.nvim_feedkeys('a' .. character, 'xt', false)
    vim.wait(1)
  end
end

local function line_of(words)
  for i, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if line:find(words, 1, true) then return i end
  end
  check('there is a line with ' .. words, false, text())
end

local function actions(first, last)
  local client = vim.lsp.get_clients({ bufnr = 0, name = 'droid' })[1]
  local range = { start = { line = first - 1, character = 0 }, ['end'] = { line = last, character = 0 } }
  local reply = client:request_sync('textDocument/codeAction', {
    textDocument = vim.lsp.util.make_text_document_params(0),
    range = range,
    context = { diagnostics = {}, triggerKind = 1 },
  }, 5000, 0)
  return vim.tbl_map(function(action) return action.title end, reply and reply.result or {})
end

-- Opens the menu of code actions on some lines and takes the one whose title fits.
local function act(pattern, first, last)
  local titles
  until_('there is an action ' .. pattern, function()
    titles = actions(first, last or first)
    return vim.iter(titles):any(function(title) return title:find(pattern) ~= nil end)
  end, function() return titles end)
  vim.api.nvim_win_set_cursor(0, { first, 0 })
  local taken = false
  vim.lsp.buf.code_action({
    apply = true,
    range = { start = { first, 0 }, ['end'] = { last or first, 0 } },
    filter = function(action)
      local fits = not taken and action.title:find(pattern) ~= nil
      taken = taken or fits
      return fits
    end,
  })
end

-- The server opens a session document, and the cursor stands where one writes.
local function new_session()
  open('src/click/utils.py')
  act('^Droid: new session$', 1)
  local window
  until_('a session document opens', function()
    window = vim.iter(vim.api.nvim_list_wins()):find(function(w)
      return vim.api.nvim_buf_get_name(vim.api.nvim_win_get_buf(w)):find('%.droid%.md$')
    end)
    return window
  end, function() return vim.api.nvim_exec2('messages', { output = true }) end)
  vim.api.nvim_set_current_win(window)
  check('with a place to write', text():find('## You', 1, true) ~= nil, text())
  return open(vim.api.nvim_buf_get_name(0))
end

local function write(words)
  vim.api.nvim_feedkeys(vim.keycode('Go') .. words .. vim.keycode('<Esc>'), 'xt', false)
end

local scenarios = {}

-- An edit of a file that is open with unsaved typing: asked about, made in the buffer, taken back by undo.
function scenarios.code_action()
  local path = 'src/click/utils.py'
  local buffer = open(path)
  local disk = on_disk(path)
  type_line_above(1, '# mine, not saved')
  local mine = text(buffer)
  answers = { '^Approve once$' }
  act('^Droid: document$', line_of('def _posixify'))
  until_('the edit is in the buffer', function() return text(buffer):find('Lower-case, dashed.', 1, true) end,
    function() return { asked = asked, progress = progress } end)
  until_('the turn ends', ended, function() return progress end)
  check('it was asked about once', #asked == 1, asked)
  check('the question shows the change', (asked[1].file or asked[1].prompt):find('+    """Lower-case, dashed."""', 1, true) ~= nil, asked)
  check('the unsaved typing is still there', text(buffer):find('# mine, not saved', 1, true) == 1)
  check('the buffer is still unsaved', vim.bo[buffer].modified)
  check('the file on disk is untouched', on_disk(path) == disk)
  vim.api.nvim_buf_call(buffer, function() vim.cmd('silent undo') end)
  check('one undo takes the whole edit back', text(buffer) == mine)
end

-- Of two calls one is allowed and one is not.
function scenarios.approve_and_reject()
  open('src/click/utils.py')
  answers = { '^Approve once$', '^Reject$' }
  act('^Droid: fix$', line_of('def _posixify'))
  until_('the turn ends', ended, function() return { asked, progress } end)
  check('both calls were asked about', #asked == 2, asked)
  check('the question shows the exact command', asked[1].prompt:find('echo kept > kept.txt', 1, true) ~= nil, asked[1])
  check('the allowed command ran', vim.uv.fs_stat('kept.txt') ~= nil)
  check('the rejected command did not', vim.uv.fs_stat('lost.txt') == nil)
end

-- An instruction typed into the code runs without a question about where it came from.
function scenarios.typed_comment()
  open('src/click/utils.py')
  type_line_above(line_of('def _posixify'), '# droid: say what is odd here')
  act('^Droid: run ', line_of('# droid:'))
  until_('the turn ends', ended, function() return { asked, progress } end)
  check('nothing was asked', #asked == 0, asked)
end

-- The same words in a file that was written elsewhere are shown and confirmed first.
function scenarios.foreign_comment()
  open('src/click/utils.py')
  answers = {}
  act('^Droid: run ', line_of('# droid:'))
  until_('it is asked about', function() return #asked == 1 end)
  check('the question shows the comment', asked[1].prompt:find('say what is odd here', 1, true) ~= nil, asked)
  vim.wait(300)
  check('no turn began', #progress == 0, progress)
end

-- A conversation in a document: write, send, approve there, read the answer there.
function scenarios.session_document()
  local buffer = new_session()
  write('Make a file, please.')
  vim.ui.select = function() end -- the message stays open; the document answers
  act('^Droid: send$', vim.api.nvim_buf_line_count(buffer))
  act('^Droid: approve once', 1)
  until_('the answer is in the document', function() return text(buffer):find('The file is there.', 1, true) end,
    function() return text(buffer) end)
  until_('the turn ends', ended, function() return progress end)
  check('the command ran', vim.uv.fs_stat('kept.txt') ~= nil)
  check('there is a place for the next prompt', text(buffer):find('## You%s*$') ~= nil, text(buffer))
end

-- Words in an empty document are sent as they are; the headings come by themselves.
function scenarios.plain_document()
  local buffer = open('talk.droid.md')
  check('nothing is added unasked', text(buffer) == '', text(buffer))
  act('^Droid: start a session here$', 1)
  until_('there is a place to write', function() return text(buffer):find('## You%s*$') end, function() return text(buffer) end)
  vim.cmd('silent undo')
  until_('which undo takes back', function() return text(buffer) == '' end, function() return text(buffer) end)
  write('Make a file, please.')
  vim.ui.select = function() end
  act('^Droid: send$', 1)
  act('^Droid: approve once', 1)
  until_('the answer is in the document', function() return text(buffer):find('The file is there.', 1, true) end,
    function() return text(buffer) end)
  until_('the turn ends', ended, function() return progress end)
  check('it has a title', text(buffer):find('^# Make a file, please.\n') ~= nil, text(buffer))
  check('the words stand under a heading', text(buffer):find('## You\n\nMake a file, please.\n\n## Droid', 1, true) ~= nil, text(buffer))
end

-- A command needs what is not saved: the menu is left, the file saved, and the command goes on.
function scenarios.save_first()
  local buffer = open('src/click/utils.py')
  answers = { '^Approve once$', '^Approve once$', '^I save them now$' }
  act('^Droid: document$', line_of('def _posixify'))
  until_('it says what is not saved', function() return #asked == 3 end, function() return { asked, progress } end)
  check('by name', asked[3].prompt:find('src/click/utils.py', 1, true) ~= nil, asked[3])
  vim.wait(700)
  check('the command waits', vim.uv.fs_stat('kept.txt') == nil)
  vim.api.nvim_buf_call(buffer, function() vim.cmd('silent write') end)
  until_('the turn ends', ended, function() return progress end)
  check('it saw what was saved', on_disk('kept.txt'):find('Lower-case, dashed.', 1, true) ~= nil)
end

-- Cancelled in the middle of an answer: over at once, and what had arrived stays.
function scenarios.cancel()
  local buffer = new_session()
  write('Tell me a long story.')
  act('^Droid: send$', vim.api.nvim_buf_line_count(buffer))
  until_('the answer streams', function() return text(buffer):find('quick brown fox', 1, true) end,
    function() return text(buffer) end)
  act('^Droid: cancel$', 1)
  local began = vim.uv.hrtime()
  until_('the turn ends', ended, function() return progress end)
  check('within two seconds', (vim.uv.hrtime() - began) / 1e9 < 2)
  until_('the document says so', function() return text(buffer):find('Cancelled', 1, true) end,
    function() return text(buffer) end)
  check('what had arrived is kept', text(buffer):find('quick brown fox', 1, true) ~= nil)
end

scenarios[vim.env.SCENARIO]()
local messages = vim.api.nvim_exec2('messages', { output = true }).output
check('Neovim has nothing to complain about', not messages:find('Error', 1, true), messages)
vim.lsp.stop_client(vim.lsp.get_clients())
until_('the server leaves', function() return #vim.lsp.get_clients() == 0 end)
os.exit(0)
