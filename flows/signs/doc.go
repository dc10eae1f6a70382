// Package signs holds what the program knows of warning signs, whatever a set of
// flows makes of them: the classes, and for each sign that it knows the class that
// it is shipped with and the lowest one that it may have.
//
// It stands here and not in the flow files, so that nobody lowers a floor together
// with the sign that stands on it.
package signs
