"""The command line, one file a group of commands. Exit 0 done, 1 refused, 2 usage, 3 environment."""
