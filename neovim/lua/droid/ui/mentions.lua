--- Completion of what `@` mentions: while it is typed, and by <C-x><C-o> or <C-x><C-u>.

local M = {}

--- Where the mention under the cursor begins.
---@return integer? column from 0
---@return string? query what follows the `@`
local function here()
  local column = vim.api.nvim_win_get_cursor(0)[2]
  local line = vim.api.nvim_get_current_line():sub(1, column)
  local start, query = line:match('()@([^%s@]*)$')
  if not start or (start > 1 and line:sub(start - 1, start - 1):find('[%w_]')) then
    return nil
  end
  return start - 1, query
end

---@param result any
---@return table[]
local function items_of(result)
  return vim.tbl_map(function(item)
    return {
      word = item.insert,
      abbr = item.label,
      menu = item.detail or '',
      kind = item.kind == 'folder' and 'd' or item.kind == 'file' and 'f' or 's',
      icase = 1,
      dup = 1,
    }
  end, type(result) == 'table' and result.items or {})
end

--- For 'completefunc' and 'omnifunc'.
---@param find_start integer
---@param base string
---@return integer|table
function M.complete(find_start, base)
  if find_start == 1 then
    return here() or -3
  end
  local query = base:gsub('^@', '')
  return items_of(require('droid.client').execute_sync('droid.mentions', {
    query = query,
    sessionId = vim.b.droid_session,
  }, 500))
end

local asked = 0
local last ---@type string? what was offered last; offered once, so that it can be dismissed

--- Something was typed: offer what fits, when the server tells it, if the person is still there.
---@param session_id string
function M.typed(session_id)
  local start, query = here()
  asked = asked + 1
  local offer = start and ('%d:%d:%s'):format(vim.fn.line('.'), start, query)
  if not start or offer == last then
    last = offer or nil
    return
  end
  last = offer
  local mine, buffer = asked, vim.api.nvim_get_current_buf()
  require('droid.client').execute('droid.mentions', { query = query, sessionId = session_id }, function(result)
    local now = vim.api.nvim_get_current_buf() == buffer and vim.fn.mode() == 'i' and here()
    if mine ~= asked or now ~= start then
      return
    end
    local items = items_of(result)
    if #items > 0 then
      local completeopt = vim.o.completeopt
      vim.o.completeopt = 'menuone,noinsert,noselect'
      vim.fn.complete(start + 1, items)
      vim.o.completeopt = completeopt
    end
  end, function() end)
end

return M
