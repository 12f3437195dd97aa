--- What the server sends, and where it goes. Each part of the interface is loaded with the first message
--- that it shows.

local M = {}

local CANCELLED = { code = -32800, message = 'withdrawn' }

--- A handler of a request that a person answers: it runs in a coroutine, and goes on with the answer.
---@param ask fun(params: table, client_id: integer, answer: fun(result: any, withdrawn: boolean?))
---@return lsp.Handler
local function asking(ask)
  return function(_, params, context)
    local thread = assert(coroutine.running())
    local given, result, withdrawn, waits = false, nil, nil, false
    ask(params, context.client_id, function(...)
      if given then
        return
      end
      given, result, withdrawn = true, ...
      if waits then
        local ok, problem = coroutine.resume(thread)
        if not ok then
          require('droid.notify').error(tostring(problem))
        end
      end
    end)
    if not given then
      waits = true
      coroutine.yield()
    end
    if withdrawn then
      return nil, vim.lsp.rpc_response_error(CANCELLED.code, CANCELLED.message)
    end
    return result == nil and vim.NIL or result
  end
end

M['droid/sessionUpdate'] = function(_, params, context)
  require('droid.updates').take(params, context.client_id)
end

M['droid/status'] = function(_, params, context)
  local session = require('droid.sessions').known(params.sessionId, context.client_id)
  session.busy, session.kind, session.message = params.busy, params.kind, params.message
  require('droid.ui.status').changed(session.id)
  require('droid.events').emit('DroidStatus', params)
end

M['droid/configChanged'] = function(_, params, context)
  require('droid.sessions').described(params, context.client_id)
  require('droid.ui.status').changed(params.sessionId)
  require('droid.events').emit('DroidConfig', params)
end

M['droid/sessionListChanged'] = function()
  require('droid.events').emit('DroidSessions')
end

M['droid/reviewChanges'] = function(_, params)
  require('droid.changes').take(params)
end

M['droid/requestApproval'] = asking(function(params, client_id, answer)
  require('droid.ui.approval').ask(params, client_id, answer)
end)

M['droid/requestAnswer'] = asking(function(params, client_id, answer)
  require('droid.ui.answers').ask(params, client_id, answer)
end)

-- Neovim's own handler opens a menu that takes the keys which a person is typing.
M['window/showMessageRequest'] = asking(function(params, client_id, answer)
  require('droid.ui.answers').message(params, client_id, answer)
end)

M['window/showMessage'] = function(_, params)
  local notify = require('droid.notify')
  local tell = params.type == 1 and notify.error or params.type == 2 and notify.warn or notify.info
  tell((params.message:gsub('^Droid: ', '')))
  return vim.NIL
end

-- Neovim prints the label of each edit over whatever is in the command line; the chat tells of it already.
M['workspace/applyEdit'] = function(err, params, context)
  params.label = nil
  return vim.lsp.handlers['workspace/applyEdit'](err, params, context)
end

M['droid/save'] = function(_, params)
  return require('droid.save').save(params.uris)
end

-- The server withdraws what it asked. It has one question open at a time, so it is that one.
M['$/cancelRequest'] = function(_, _, context)
  if package.loaded['droid.ui.question'] then
    require('droid.ui.question').withdraw_of(context.client_id)
  end
end

return M
