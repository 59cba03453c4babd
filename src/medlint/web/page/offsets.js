// Reports count code points, the browser counts UTF-16 units: an emoji is one of the first and two
// of the second.

const ASTRAL = /[\u{10000}-\u{10ffff}]/gu;

// Return a function from code points of a text to UTF-16 units.
export function converter(text) {
  const places = [];
  for (const match of text.matchAll(ASTRAL)) places.push(match.index - places.length);
  if (!places.length) return (offset) => offset;
  return (offset) => {
    let low = 0;
    let high = places.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (places[middle] < offset) low = middle + 1;
      else high = middle;
    }
    return offset + low;
  };
}

// Return what makes one text of another: where they differ, how much is gone, what is new. A pair
// of units that make one character is never cut in two.
export function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before.charCodeAt(start) === after.charCodeAt(start)) start += 1;
  if (start && isLead(before.charCodeAt(start - 1))) start -= 1;
  let tail = 0;
  while (
    tail < most - start &&
    before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)
  ) tail += 1;
  if (tail && isTrail(before.charCodeAt(before.length - tail))) tail -= 1;
  return { start, removed: before.length - tail - start, added: after.slice(start, after.length - tail) };
}

const isLead = (unit) => unit >= 0xd800 && unit < 0xdc00;
const isTrail = (unit) => unit >= 0xdc00 && unit < 0xe000;

// Return where a position is after a change.
export function moved(position, change) {
  if (position <= change.start) return position;
  const end = change.start + change.removed;
  return position < end ? change.start : position + change.added.length - change.removed;
}

// Return a text with edits made in it, and where the first one's words are then.
export function edited(text, edits) {
  const pieces = [];
  let done = 0;
  let selection = null;
  let length = 0;
  for (const edit of [...edits].sort((one, other) => one.start - other.start || one.end - other.end)) {
    pieces.push(text.slice(done, edit.start), edit.text);
    length += edit.start - done + edit.text.length;
    selection ??= [length - edit.text.length, length];
    done = edit.end;
  }
  pieces.push(text.slice(done));
  return { text: pieces.join(""), selection };
}
