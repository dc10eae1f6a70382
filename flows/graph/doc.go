// Package graph draws a catalog as a flowchart, in the languages of Mermaid and
// of Graphviz: a frame for each flow, a node for each step, round and reminder.
// The same catalog gives the same drawing, so that two versions can be
// compared line by line.
package graph
