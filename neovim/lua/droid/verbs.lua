--- What a person asks for: about code, about a session, about what changed. Each is a command of the server,
--- called with where the person is.

local M = {}

---@return table
local function client()
  return require('droid.client')
end

---@param buffer integer
---@return boolean
local function is_file(buffer)
  return vim.bo[buffer].buftype == '' and vim.api.nvim_buf_get_name(buffer) ~= ''
end

---@param buffer integer
---@param first integer line from 1
---@param last integer
---@param encoding string
---@return lsp.Range
local function whole_lines(buffer, first, last, encoding)
  local text = vim.api.nvim_buf_get_lines(buffer, last - 1, last, false)[1] or ''
  return {
    start = { line = first - 1, character = 0 },
    ['end'] = { line = last - 1, character = vim.str_utfindex(text, encoding) },
  }
end

--- The diagnostics of some lines, as LSP has them.
---@param buffer integer
---@param first integer
---@param last integer
---@return table[]
local function diagnostics(buffer, first, last)
  local found = {}
  for _, one in ipairs(vim.diagnostic.get(buffer)) do
    if one.lnum <= last - 1 and (one.end_lnum or one.lnum) >= first - 1 then
      found[#found + 1] = {
        range = {
          start = { line = one.lnum, character = one.col },
          ['end'] = { line = one.end_lnum or one.lnum, character = one.end_col or one.col },
        },
        message = one.message,
        severity = one.severity,
        source = one.source,
      }
    end
  end
  return found
end

--- Where the person is: the buffer's file, with the lines that were given or the cursor.
---@param options { line1: integer?, line2: integer?, whole: boolean? }
---@param with_diagnostics boolean
---@return table arguments
local function place(options, with_diagnostics)
  local buffer = vim.api.nvim_get_current_buf()
  if not is_file(buffer) then
    return {}
  end
  local here = vim.lsp.get_clients({ name = 'droid', bufnr = buffer })[1]
  local encoding = here and here.offset_encoding or 'utf-16'
  local arguments = { uri = vim.uri_from_bufnr(buffer) }
  local cursor = vim.api.nvim_win_get_cursor(0)[1]
  local first, last = options.line1 or cursor, options.line2 or cursor
  if options.line1 then
    arguments.range = whole_lines(buffer, first, last, encoding)
  elseif not options.whole then
    local position = { line = cursor - 1, character = 0 }
    arguments.range = { start = position, ['end'] = position }
  end
  local found = with_diagnostics and diagnostics(buffer, first, last) or {}
  if #found > 0 then
    arguments.diagnostics = found
  end
  return arguments
end

--- A session that something was begun in: it is the current one, and it shows.
---@param result any
---@param enter boolean?
function M.shown(result, enter)
  if type(result) ~= 'table' or not result.sessionId then
    return
  end
  local sessions = require('droid.sessions')
  local session = sessions.get(result.sessionId)
  if not session then
    local any = client().get()
    session = sessions.known(result.sessionId, any and any.id or 0)
  end
  sessions.use(session.id)
  if session.model == '' then
    M.describe(session.id)
  end
  if enter or require('droid.config').get().chat.auto_open then
    require('droid.ui.chat').open(session.id, { enter = enter })
  end
end

--- Learn a session's model and autonomy level.
---@param id string
function M.describe(id)
  client().execute('droid.status', { sessionId = id }, function(status)
    local session = require('droid.sessions').get(id)
    if session then
      require('droid.sessions').described(status, session.client_id)
      session.cost_usd = status.costUsd or session.cost_usd
      require('droid.ui.status').changed(id)
    end
  end, function() end)
end

--- A verb about code.
---@param verb 'ask'|'explain'|'fix'|'refactor'|'document'|'test'|'review'
---@param options { prompt: string?, line1: integer?, line2: integer?, fresh: boolean? }
function M.run(verb, options)
  local arguments = place(options, verb == 'fix' or verb == 'explain')
  local session_id = require('droid.sessions').current_id()
  if options.prompt and vim.trim(options.prompt) ~= '' then
    arguments.prompt = options.prompt
    local images, problem = require('droid.images').of(options.prompt)
    if problem then
      return require('droid.notify').error(problem)
    elseif verb == 'ask' and #images > 0 then
      arguments.images = images
    end
  end
  local function go(id)
    arguments.sessionId = id
    client().execute('droid.' .. verb, arguments, M.shown)
  end
  if options.fresh then
    return M.new({ quiet = true }, function(session)
      go(session.id)
    end)
  end
  go(session_id)
end

--- A prompt that was written below a conversation.
---@param id string
---@param said string
---@param images table[]
---@param failed fun(message: string)
function M.send(id, said, images, failed)
  local arguments = { prompt = said, sessionId = id }
  if #images > 0 then
    arguments.images = images
  end
  client().execute('droid.ask', arguments, function()
    require('droid.sessions').use(id)
  end, failed)
end

---@param id string?
function M.cancel(id)
  client().execute('droid.cancel', { sessionId = id or require('droid.sessions').current_id() }, function(result)
    if not result.cancelled then
      require('droid.notify').info('nothing is running')
    end
  end)
end

---@param options { enter: boolean?, beside: boolean?, quiet: boolean? }
---@param done fun(session: droid.Session)?
function M.new(options, done)
  client().with(function(one)
    if not one then
      return
    end
    client().execute('droid.session.new', {}, function(result)
      local session = require('droid.sessions').described(result, one.id)
      if not session then
        return
      end
      require('droid.sessions').use(session.id)
      require('droid.ui.transcript').of(session.id)
      if not options.quiet then
        require('droid.ui.chat').open(session.id, options)
      end
      if done then
        done(session)
      end
    end)
  end)
end

--- Take a stored session up; all of it is sent again, and shown.
---@param id string
---@param options { beside: boolean? }?
function M.resume(id, options)
  client().with(function(one)
    if not one then
      return
    end
    client().execute('droid.session.resume', { sessionId = id }, function(result)
      local session = require('droid.sessions').described(result, one.id)
      if session then
        require('droid.ui.chat').open(session.id, { enter = true, beside = options and options.beside })
      end
    end)
  end)
end

---@param options { beside: boolean? }
function M.fork(options)
  client().with(function(one)
    if not one then
      return
    end
    client().execute('droid.session.fork', { sessionId = require('droid.sessions').current_id() }, function(result)
      local session = require('droid.sessions').described(result, one.id)
      if session then
        require('droid.ui.chat').open(session.id, { enter = true, beside = options.beside })
      end
    end)
  end)
end

---@param title string
function M.rename(title)
  local session = require('droid.sessions').current()
  local function go(name)
    if not name or vim.trim(name) == '' then
      return
    end
    client().execute('droid.session.rename', { title = name, sessionId = session and session.id }, function(result)
      local now = require('droid.sessions').get(result.sessionId)
      if now then
        now.title = result.title
        require('droid.ui.status').changed(now.id)
      end
    end)
  end
  if vim.trim(title) ~= '' then
    return go(title)
  end
  vim.ui.input({ prompt = 'Name of the session: ', default = session and session.title or '' }, go)
end

---@param format string 'markdown' or 'json'
function M.export(format)
  local arguments = { sessionId = require('droid.sessions').current_id(), format = format ~= '' and format or nil }
  client().execute('droid.session.export', arguments, function(result)
    local ending = result.format == 'json' and 'json' or 'md'
    local filetype = result.format == 'json' and 'json' or 'markdown'
    local name = ('export/%s.%s'):format(result.sessionId, ending)
    require('droid.ui.document').open(name, result.text, filetype)
  end)
end

--- Delete a session with all that belongs to it; it cannot be taken back, so it is asked about.
---@param id string
---@param sure boolean
function M.delete(id, sure)
  local session = require('droid.sessions').get(id)
  local name = session and session.title ~= '' and session.title or id
  local function go()
    client().execute('droid.session.delete', { sessionId = id }, function(result)
      if result.deleted then
        require('droid.ui.chat').forget(result.sessionId)
        require('droid.notify').info('deleted ' .. name)
      end
    end)
  end
  if sure then
    return go()
  end
  vim.ui.select({ 'Keep it', 'Delete it' }, { prompt = ('Delete the session “%s”?'):format(name) }, function(choice)
    if choice == 'Delete it' then
      go()
    end
  end)
end

--- Take the file changes of the last turn back.
function M.undo()
  client().execute('droid.undo', { sessionId = require('droid.sessions').current_id() }, function(result)
    require('droid.updates').reload_files()
    local many = require('droid.text').many
    local said = many(#result.paths, 'file') .. ' taken back'
    if #result.conflicts > 0 then
      said = ('%s; left as they are, since somebody changed them: %s'):format(
        said,
        table.concat(result.conflicts, ', ')
      )
    end
    require('droid.notify').info(said)
  end)
end

--- A verb whose answer is a text to read.
---@param command string
---@param title string
function M.read(command, title)
  local arguments = command == 'droid.usage' and { sessionId = require('droid.sessions').current_id() } or {}
  client().execute(command, arguments, function(result)
    local lines = vim.split(vim.trim(result.text), '\n', { plain = true })
    require('droid.ui.document').float(title, lines, 'markdown')
  end)
end

function M.status()
  client().execute('droid.status', { sessionId = require('droid.sessions').current_id() }, function(result)
    local parts = { result.message ~= '' and result.message or result.kind }
    if result.model then
      parts[#parts + 1] = 'model ' .. result.model
      parts[#parts + 1] = 'autonomy ' .. result.autonomy
    end
    if result.costUsd then
      parts[#parts + 1] = ('$%.2f'):format(result.costUsd)
    end
    require('droid.notify').info(table.concat(parts, ' · '))
  end)
end

--- What holds for a setting, and where that comes from.
---@param key string
function M.settings(key)
  local arguments = is_file(0) and { uri = vim.uri_from_bufnr(0) } or {}
  arguments.key = key ~= '' and key or nil
  client().execute('droid.settings.explain', arguments, function(result)
    local lines = require('droid.ui.settings').lines(result)
    require('droid.ui.document').float('Settings', lines, 'markdown')
  end)
end

function M.trust()
  require('droid.ui.question').expect()
  client().execute('droid.trust', is_file(0) and { uri = vim.uri_from_bufnr(0) } or {})
end

return M
