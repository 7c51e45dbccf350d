"""`python -m carehub` and the installed command: straight to the doors."""

from carehub.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
