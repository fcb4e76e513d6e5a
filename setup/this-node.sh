# Which node would run, where, for the checkout in $here: one line. A snapshot can be read only by the very node that has made it,
# on a processor with the same features, and holds paths.
echo "$(uname -n) $(cd "$here" && pwd -P) $(ls -liL "$(command -v node)")"
