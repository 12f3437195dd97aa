--- Messages: one line, cut so that it never makes Neovim ask to press a key.

local M = {}

---@param text string
---@return string
local function fitting(text)
  local line = text:gsub('%s+', ' ')
  local room = math.max(40, vim.v.echospace - 1)
  if vim.fn.strdisplaywidth(line) <= room then
    return line
  end
  local cut = vim.fn.strcharpart(line, 0, room - 1)
  while vim.fn.strdisplaywidth(cut) > room - 1 do
    cut = vim.fn.strcharpart(cut, 0, vim.fn.strchars(cut) - 1)
  end
  return cut .. '…'
end

---@param text string
---@param level integer
local function tell(text, level)
  local function show()
    vim.notify(fitting('Droid: ' .. text), level, { title = 'Droid' })
  end
  if vim.in_fast_event() then
    vim.schedule(show)
  else
    show()
  end
end

---@param text string
function M.info(text)
  tell(text, vim.log.levels.INFO)
end

---@param text string
function M.warn(text)
  tell(text, vim.log.levels.WARN)
end

--- What went wrong, and how to mend it.
---@param text string
function M.error(text)
  tell(text, vim.log.levels.ERROR)
end

return M
