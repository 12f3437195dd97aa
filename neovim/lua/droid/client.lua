--- The connection to the server: how it is started, asked, and started again when it died.

local config = require('droid.config')
local notify = require('droid.notify')

local M = {}

local NAME = 'droid'
local STABLE_MS = 60000

---@type table<integer, boolean> clients that were told to end
local stopping = {}
---@type table<string, fun(client: vim.lsp.Client?)[]> what waits for a server of a root
local waiting = {}
---@type { tries: integer, since: integer } deaths of late
local deaths = { tries = 0, since = 0 }
local told_missing = false

--- What this client declares; the server sends nothing else (see docs/protocol.md, "Negotiation").
---@return table
function M.declaration()
  return {
    api = 1,
    editor = { name = 'Neovim', version = tostring(vim.version()) },
    transcript = 'stream',
    review = 'hunk',
    approval = 'rich',
    input = true,
    status = true,
    sessions = true,
    save = true,
  }
end

---@param buffer integer?
---@return string?
function M.root(buffer)
  return vim.fs.root(buffer or 0, { '.factory', '.git' })
end

--- The configuration that `lsp/droid.lua` hands to `vim.lsp.enable`.
---@return vim.lsp.Config
function M.lsp_config()
  return {
    cmd = function(dispatchers, resolved)
      local root = resolved and resolved.root_dir or nil
      local found = require('droid.server').find(root)
      if not found then
        error(require('droid.server').missing(root), 0)
      end
      return vim.lsp.rpc.start(found.cmd, dispatchers, { cwd = root })
    end,
    root_dir = function(buffer, start)
      local root = M.root(buffer)
      if require('droid.server').find(root) then
        start(root)
      elseif not told_missing then
        told_missing = true
        notify.warn(require('droid.server').missing(root))
      end
    end,
    capabilities = { experimental = { droid = M.declaration() } },
    handlers = require('droid.handlers'),
    on_init = M.on_init,
    on_exit = M.on_exit,
  }
end

--- All clients of this Neovim, oldest first.
---@return vim.lsp.Client[]
function M.all()
  return vim.lsp.get_clients({ name = NAME })
end

--- The client to ask: the session's, the buffer's, else any.
---@param session_id string?
---@return vim.lsp.Client?
function M.get(session_id)
  local sessions = require('droid.sessions')
  local session = sessions.get(session_id or vim.b.droid_session)
  local client = session and vim.lsp.get_client_by_id(session.client_id)
  if client and not client:is_stopped() then
    return client
  end
  local here = vim.lsp.get_clients({ name = NAME, bufnr = 0 })[1]
  if here then
    return here
  end
  local root = M.root()
  local any
  for _, one in ipairs(M.all()) do
    if not one:is_stopped() then
      any = any or one
      if one.root_dir == root then
        return one
      end
    end
  end
  return any
end

---@param client vim.lsp.Client
function M.on_init(client)
  local callbacks = waiting[client.root_dir or ''] or {}
  waiting[client.root_dir or ''] = nil
  -- Neovim tells the server of the open buffers once this returns; what is asked may be about them.
  vim.schedule(function()
    for _, callback in ipairs(callbacks) do
      callback(client)
    end
    require('droid.events').emit('DroidReady', { client_id = client.id })
  end)
end

--- Call back with a client that is ready, starting one where there is none; with nil where none can be.
---@param callback fun(client: vim.lsp.Client?)
---@param session_id string?
function M.with(callback, session_id)
  local client = M.get(session_id)
  if client and client.initialized then
    return callback(client)
  end
  if client then
    local root = client.root_dir or ''
    waiting[root] = waiting[root] or {}
    table.insert(waiting[root], callback)
    return
  end
  local root = M.root() or vim.fn.getcwd()
  require('droid.server').decide(root, function()
    if not require('droid.server').find(root) then
      notify.error(require('droid.server').missing(root))
      return callback(nil)
    end
    waiting[root] = waiting[root] or {}
    table.insert(waiting[root], callback)
    M.start(root)
  end)
end

--- Start a server for a folder, and attach the buffers that belong to it.
---@param root string?
---@return integer?
function M.start(root)
  local resolved = vim.deepcopy(vim.lsp.config[NAME] or M.lsp_config())
  resolved.root_dir = root
  local id = vim.lsp.start(resolved, { attach = false })
  if not id then
    waiting[root or ''] = nil
    return nil
  end
  for _, buffer in ipairs(vim.api.nvim_list_bufs()) do
    local is_file = vim.api.nvim_buf_is_loaded(buffer) and vim.bo[buffer].buftype == ''
    local wanted = vim.bo[buffer].filetype ~= '' and vim.api.nvim_buf_get_name(buffer) ~= ''
    if is_file and wanted and M.root(buffer) == root then
      vim.lsp.buf_attach_client(buffer, id)
    end
  end
  return id
end

--- Let the server know what was typed before it is asked or answered: Neovim tells of changes a little later,
--- and what is decided must be about the text that the person sees.
---@param client vim.lsp.Client?
function M.flush(client)
  local ok, tracking = pcall(require, 'vim.lsp._changetracking')
  if not client or not ok then
    return
  end
  for buffer in pairs(client.attached_buffers) do
    pcall(tracking.flush, client, buffer)
  end
end

---@param err lsp.ResponseError?
---@return string?
local function said(err)
  if not err then
    return nil
  end
  return (err.message or 'the server answered with an error'):gsub('^droid%.[%w.]+: ', '')
end

--- Ask the server for a verb. Errors are shown in one line, unless `failed` takes them.
---@param command string
---@param arguments table?
---@param done fun(result: any)?
---@param failed fun(message: string)?
function M.execute(command, arguments, done, failed)
  arguments = arguments or {}
  M.with(function(client)
    if not client then
      return failed and failed('there is no server')
    end
    M.flush(client)
    local params = { command = command, arguments = { next(arguments) and arguments or vim.empty_dict() } }
    local sent = client:request('workspace/executeCommand', params, function(err, result)
      if err then
        local message = said(err) --[[@as string]]
        return (failed or notify.error)(message)
      end
      if done then
        done(result)
      end
    end, 0)
    if not sent then
      (failed or notify.error)('the server is gone; :Droid restart')
    end
  end, arguments.sessionId)
end

--- As `execute`, for completion: waits for at most `wait_ms`, and starts nothing.
---@param command string
---@param arguments table?
---@param wait_ms integer?
---@return any result nil where there was none in time
function M.execute_sync(command, arguments, wait_ms)
  local client = M.get(arguments and arguments.sessionId)
  if not client or not client.initialized then
    return nil
  end
  local params = { command = command, arguments = { next(arguments or {}) and arguments or vim.empty_dict() } }
  local reply = client:request_sync('workspace/executeCommand', params, wait_ms or 300, 0)
  return reply and not reply.err and reply.result or nil
end

--- Tell what was asked of the person that nobody waits for it any more, and start the server again.
---@param code integer
---@param signal integer
---@param id integer
function M.on_exit(code, signal, id)
  local client = vim.lsp.get_client_by_id(id)
  local root = client and client.root_dir
  local wanted = stopping[id] or (code == 0 and signal == 0) or signal == 15
  stopping[id] = nil
  vim.schedule(function()
    waiting[root or ''] = nil
    local lost = require('droid.sessions').client_ended(id)
    if package.loaded['droid.ui.question'] then
      require('droid.ui.question').client_ended(id)
    end
    require('droid.events').emit('DroidExit', { client_id = id, code = code, signal = signal })
    if wanted or vim.v.exiting ~= vim.NIL then
      return
    end
    local how = signal ~= 0 and ('signal %d'):format(signal) or ('exit code %d'):format(code)
    M.start_again(root, lost, how)
  end)
end

---@param root string?
---@param lost string[] ids of the sessions that were shown
---@param how string
function M.start_again(root, lost, how)
  local now = vim.uv.now()
  if now - deaths.since > STABLE_MS then
    deaths = { tries = 0, since = now }
  end
  deaths.tries = deaths.tries + 1
  local limits = config.get().restart
  if deaths.tries > limits.tries then
    notify.error(('the server ended again (%s) and is left alone; :Droid log, then :Droid restart'):format(how))
    return
  end
  local delay = limits.delay_ms * 2 ^ (deaths.tries - 1)
  notify.warn(('the server ended (%s); it starts again in %.1f s'):format(how, delay / 1000))
  vim.defer_fn(function()
    M.resume_in(root, lost)
  end, delay)
end

--- Start a server and take up the sessions that are shown; what they hold is sent again.
---@param root string?
---@param lost string[]
function M.resume_in(root, lost)
  local key = root or ''
  waiting[key] = waiting[key] or {}
  table.insert(waiting[key], function(client)
    for _, session_id in ipairs(lost) do
      require('droid.sessions').adopt(session_id, client.id)
      M.execute('droid.session.resume', { sessionId = session_id }, function(described)
        require('droid.sessions').described(described, client.id)
      end)
    end
  end)
  M.start(root)
end

--- End the servers and start them again, with the sessions that are shown.
function M.restart()
  deaths = { tries = 0, since = vim.uv.now() }
  told_missing = false
  local clients = M.all()
  if #clients == 0 then
    return M.with(function(client)
      if client then
        notify.info('the server is running')
      end
    end)
  end
  for _, client in ipairs(clients) do
    local root = client.root_dir
    local lost = require('droid.sessions').of_client(client.id)
    stopping[client.id] = true
    client:stop()
    local timer = assert(vim.uv.new_timer())
    local waited = 0
    timer:start(
      50,
      50,
      vim.schedule_wrap(function()
        waited = waited + 50
        if waited == 3000 then
          client:stop(true)
        end
        if vim.lsp.get_client_by_id(client.id) and waited < 6000 then
          return
        end
        if not timer:is_closing() then
          timer:close()
          M.resume_in(root, lost)
        end
      end)
    )
  end
end

return M
