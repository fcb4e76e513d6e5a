# Which node would run, where, for the checkout in $here: one line. A snapshot can be read only by the very node that has made it,
# on a processor with the same features, and holds paths.
node=$(command -v node)
# Inode, size and time of change: as GNU's stat is asked for them, else as BSD's.
echo "$(uname -n) $(cd "$here" && pwd -P) $node $(stat -Lc '%i %s %Y' "$node" 2>/dev/null || stat -Lf '%i %z %m' "$node")"
