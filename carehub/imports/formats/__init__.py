"""One program's export in each module; `registry` lists them in the order in which they are asked."""
