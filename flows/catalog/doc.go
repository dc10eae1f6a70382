// Package catalog loads flows and their texts and checks them, and carries the
// ones that come with the program.
//
// # Caveats
//
// Load reads a whole folder and returns every fault at once, each with file,
// line, column and what to do. A catalog with a fault is not returned: nobody
// should meet a half-read flow.
package catalog
