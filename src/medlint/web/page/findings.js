// The findings of a report, each at its place in the text field.

// `units` leads from the report's positions to the text field's.
export function placed(cards, units) {
  const seen = new Map();
  return cards.map((card) => {
    const count = (seen.get(card.fingerprint) ?? 0) + 1;
    seen.set(card.fingerprint, count);
    const { start, end, place, ...rest } = card;
    return {
      card: withoutPlaces(rest),
      full: card,
      key: `${card.rule}-${card.fingerprint}-${count}`,
      severity: card.severity,
      place: card.pageWide ? "the whole page" : place ?? `line ${start.line}`,
      from: units(start.offset),
      to: card.pageWide ? units(start.offset) : units(end.offset),
      end: units(end.offset),
      units,
    };
  });
}

// A card is the same wherever it stands: only what it says makes it another.
function withoutPlaces(card) {
  return {
    ...card,
    evidence: card.evidence.map(({ match }) => ({ match })),
    rewrites: card.rewrites.map((rewrite) => ({
      ...rewrite, edits: rewrite.edits.map(({ parts }) => ({ parts })),
    })),
  };
}
