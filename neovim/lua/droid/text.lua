--- Text of others: shown so that nothing in it hides, and cut so that it fits.

local M = {}

-- Ranges of code points that do not show, or that make text show in another order.
-- stylua: ignore
local HIDDEN = {
  { 0x00, 0x08 }, { 0x0b, 0x1f }, { 0x7f, 0xa0 }, { 0xad, 0xad }, { 0x34f, 0x34f }, { 0x61c, 0x61c },
  { 0x115f, 0x1160 }, { 0x1680, 0x1680 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f }, { 0x2000, 0x200f },
  { 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x3000, 0x3000 }, { 0x3164, 0x3164 }, { 0xd800, 0xdfff },
  { 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xfff9, 0xfffb }, { 0x1bca0, 0x1bca3 },
  { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
}

---@param code integer
---@return boolean
local function hides(code)
  for _, range in ipairs(HIDDEN) do
    if code < range[1] then
      return false
    elseif code <= range[2] then
      return true
    end
  end
  return false
end

--- One line with every hidden character as its code point, `⟨U+202E⟩`; what is approved must be what is seen.
---@param line string
---@return string
function M.exact(line)
  if not line:find('[^\t\32-\126]') then
    return line
  end
  local out, at = {}, 1
  while at <= #line do
    local width = vim.str_utf_end(line, at) + 1
    local piece = line:sub(at, at + width - 1)
    local code = vim.fn.char2nr(piece, true)
    if #piece == 1 and piece:byte() >= 0x80 then
      out[#out + 1] = ('⟨%02X⟩'):format(piece:byte())
    elseif piece ~= '\t' and hides(piece == '\0' and 0 or code) then
      out[#out + 1] = ('⟨U+%04X⟩'):format(piece == '\0' and 0 or code)
    else
      out[#out + 1] = piece
    end
    at = at + width
  end
  return table.concat(out)
end

--- Text as lines, each exact. A carriage return that ends no line shows.
---@param text string
---@return string[]
function M.exact_lines(text)
  local lines = vim.split((text:gsub('\r\n', '\n'):gsub('\n$', '')), '\n', { plain = true })
  return vim.tbl_map(M.exact, lines)
end

--- A command's output as lines for a buffer, without colours and cursor movements.
---@param text string
---@return string[]
function M.output_lines(text)
  local plain = text:gsub('\27%[[0-?]*[ -/]*[@-~]', ''):gsub('\27%][^\7\27]*[\7]?', ''):gsub('\r\n', '\n')
  plain = plain:gsub('\n+$', ''):gsub('[^\n]*\r([^\n\r]*)', '%1')
  return vim.split(plain, '\n', { plain = true })
end

--- One line of at most `width` cells.
---@param text string
---@param width integer
---@return string
function M.one_line(text, width)
  local line = vim.trim(M.exact((text:gsub('%s+', ' '))))
  if vim.fn.strdisplaywidth(line) <= width then
    return line
  end
  local cut = vim.fn.strcharpart(line, 0, math.max(1, width - 1))
  while cut ~= '' and vim.fn.strdisplaywidth(cut) > width - 1 do
    cut = vim.fn.strcharpart(cut, 0, vim.fn.strchars(cut) - 1)
  end
  return cut .. '…'
end

---@param number integer
---@return string
function M.count(number)
  if number < 1000 then
    return tostring(number)
  elseif number < 1000000 then
    return (('%.1fk'):format(number / 1000):gsub('%.0k', 'k'))
  end
  return (('%.1fM'):format(number / 1000000):gsub('%.0M', 'M'))
end

---@param number integer
---@param noun string
---@return string
function M.many(number, noun)
  return ('%d %s%s'):format(number, noun, number == 1 and '' or 's')
end

--- How long ago, or when.
---@param seconds number since the epoch
---@return string
function M.ago(seconds)
  local past = os.time() - seconds
  if past < 90 then
    return 'just now'
  elseif past < 5400 then
    return ('%d min ago'):format(past / 60)
  elseif past < 129600 then
    return ('%d h ago'):format(past / 3600)
  end
  return os.date('%Y-%m-%d', math.floor(seconds)) --[[@as string]]
end

return M
