"""How the packages are built: an sdist, a wheel and a Debian package; `make package` runs this."""
