// Package plan says when things may begin, are due and may ring: waking hours,
// times of day, gaps and bounds. It is pure, and knows no flows: whatever rests
// on an expression arrives evaluated.
package plan
