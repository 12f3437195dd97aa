--- What the server explains of settings, as lines to read.

local M = {}

---@param value any
---@return string
local function shown(value)
  if value == nil or value == vim.NIL then
    return 'not set'
  end
  return type(value) == 'string' and value or vim.json.encode(value)
end

--- Where a value was given: its level, and the file with the line.
---@param one table
---@return string
local function origin(one)
  local file = type(one.file) == 'string' and vim.fn.fnamemodify(one.file, ':~') or nil
  local line = type(one.line) == 'number' and (':%d'):format(one.line) or ''
  return table.concat({ shown(one.level), file and file .. line or nil }, ', ')
end

---@param one table
---@param lines string[]
local function add(one, lines)
  lines[#lines + 1] = ('%s = %s'):format(shown(one.key), shown(one.value))
  local entries = type(one.entries) == 'table' and one.entries or {}
  if #entries == 0 and one.level and one.level ~= vim.NIL then
    lines[#lines + 1] = '  from ' .. origin(one)
  end
  for _, entry in ipairs(entries) do
    lines[#lines + 1] = ('  %s, from %s'):format(shown(entry.value), origin(entry))
  end
  for _, refused in ipairs(type(one.refused) == 'table' and one.refused or {}) do
    lines[#lines + 1] = ('  refused: %s, from %s: %s'):format(
      shown(refused.value),
      origin(refused),
      shown(refused.reason)
    )
  end
  lines[#lines + 1] = ''
end

---@param result any one setting, or a list of them
---@return string[]
function M.lines(result)
  local lines = {}
  for _, one in ipairs(vim.islist(result) and result or { result }) do
    add(one, lines)
  end
  if #lines == 0 then
    return { 'No level sets anything.' }
  end
  lines[#lines] = nil
  return lines
end

return M
