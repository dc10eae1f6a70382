// Package ops is for whoever runs the bot: commands that a running process obeys over
// a local socket, and backups of what it keeps.
//
// Nothing in it tells what a person said, but to whoever may read the database itself.
package ops
