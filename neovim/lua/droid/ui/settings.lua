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

---@param one table
---@param lines string[]
local function add(one, lines)
  lines[#lines + 1] = ('%s = %s'):format(one.key or one.name or '?', shown(one.value))
  local keys = vim.tbl_keys(one)
  table.sort(keys)
  for _, key in ipairs(keys) do
    local value = one[key]
    local is_empty = type(value) == 'table' and next(value) == nil
    if key ~= 'key' and key ~= 'value' and value ~= vim.NIL and value ~= '' and not is_empty then
      if vim.islist(value) then
        lines[#lines + 1] = ('  %s:'):format(key)
        for _, item in ipairs(value) do
          lines[#lines + 1] = '    ' .. shown(item)
        end
      else
        lines[#lines + 1] = ('  %s: %s'):format(key, shown(value))
      end
    end
  end
  lines[#lines + 1] = ''
end

---@param result any one setting, or a list of them
---@return string[]
function M.lines(result)
  local all = vim.islist(result) and result or { result }
  local lines = {}
  for _, one in ipairs(all) do
    add(one, lines)
  end
  if #lines == 0 then
    return { 'No level sets anything.' }
  end
  lines[#lines] = nil
  return lines
end

return M
