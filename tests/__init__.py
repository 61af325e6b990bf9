"""The tests of stepwise: a package, so that helpers are imported by one name from everywhere."""
