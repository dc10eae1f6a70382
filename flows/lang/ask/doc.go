// Package ask holds the kinds of questions that a flow can ask, one file each.
package ask
