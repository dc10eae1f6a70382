// Package plan says when things may begin, are due and may ring: waking hours,
// times of day, gaps and bounds. It is pure, and knows no flows: whatever rests
// on an expression arrives evaluated.
//
// [Rules] is the one gate that every start of a track passes: when it is armed,
// again when its timer comes due, and when a person asks for it or a flow asks
// whether they could.
package plan
