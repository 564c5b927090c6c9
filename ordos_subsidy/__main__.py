"""`python -m ordos_subsidy` is `ordos-subsidy`."""

from ordos_subsidy.cli import main

if __name__ == "__main__":
    main()
