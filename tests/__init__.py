"""The tests. A package, so that a dependency that installs a package of this name does not come first."""
