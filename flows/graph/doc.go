// Package graph draws flows as flowcharts, in the languages of Mermaid and of
// Graphviz. [Overview] has a node for each flow of a catalog and says which
// calls, begins or interrupts which; [Flow] has a node for each step, round and
// reminder of one flow. All of a large catalog in one chart would be more than
// Mermaid draws, and more than anybody can read.
//
// The same catalog gives the same drawing, so that two versions can be
// compared line by line.
package graph
